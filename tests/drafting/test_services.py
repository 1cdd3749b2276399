"""Which places are services of the application, and what they are called."""

from sesgate.drafting import Selected, select

from .facts import place, sender_variable, variable

MAIL = sender_variable("a@b.io")


def taken(found: Selected) -> list[str]:
    return [each.name for each in found.taken]


def test_what_is_deployed_counts_before_what_is_local() -> None:
    compose = place(MAIL, kind="compose", name="web", source={"compose": {"file": "compose.yaml", "service": "web"}})
    found = select([compose, place(MAIL)])
    assert taken(found) == ["api"]
    assert [each.name for each in found.local] == ["web"]


def test_where_nothing_is_deployed_the_compose_file_counts_before_its_env_file() -> None:
    compose = place(MAIL, kind="compose", name="web", source={"compose": {"file": "compose.yaml", "service": "web"}})
    dotenv = place(MAIL, kind="dotenv", name="", source={"dotenv": ".env"})
    assert taken(select([dotenv, compose])) == ["web"]
    assert taken(select([dotenv], application="shop")) == ["shop"]


def test_what_does_not_speak_of_mail_is_told_and_not_taken() -> None:
    found = select([place(variable("DATABASE_URL"), name="db"), place(MAIL)])
    assert taken(found) == ["api"]
    assert [each.name for each in found.others] == ["db"]


def test_a_role_that_can_send_makes_a_service() -> None:
    quiet = place(variable("PORT"), role="arn:aws:iam::111122223333:role/mailer")
    assert taken(select([quiet])) == []
    assert taken(select([quiet], ["arn:aws:iam::111122223333:role/mailer"])) == ["api"]


def test_of_a_task_the_containers_that_speak_of_mail_are_taken() -> None:
    role = "arn:aws:iam::111122223333:role/mailer"
    app, router = place(MAIL, container="app", role=role), place(container="router", role=role)
    found = select([app, router], [role])
    assert [each.container for each in found.taken] == ["app"]
    assert found.others == ()


def test_no_name_stands_twice() -> None:
    one = place(MAIL, container="web")
    two = place(MAIL, container="jobs")
    again = place(MAIL, kind="lambda", source={"lambda": "api"})
    other = place(MAIL, kind="apprunner", source={"apprunner": "api"})
    assert taken(select([one, two, again, other])) == ["api/web", "api/jobs", "api", "api-2"]


def test_a_task_definition_in_a_file_gives_way_to_what_runs() -> None:
    source = {"ecs_task_definition": {"definition": "task.json", "container": "app"}}
    file = place(MAIL, kind="ecs_task_definition", name="app", source=source)
    assert taken(select([place(MAIL), file])) == ["api"]
    assert taken(select([file])) == ["app"]
