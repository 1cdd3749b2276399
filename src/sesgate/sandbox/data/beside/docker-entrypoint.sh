#!/bin/sh
# The entry point of the API's image: it prepares the container, and hands over to the task definition's command.
set -e
export NODE_OPTIONS="--enable-source-maps"
exec "$@"
