"""Policies that sesgate writes: the least for whoever runs a gate, and the least for the application. Pure."""

from sesgate.policy.application import Application, NoAccount, application_policy
from sesgate.policy.auditor import auditor_policy
from sesgate.policy.forms import FORMS, render
from sesgate.policy.resources import Told, told_by

__all__ = ["FORMS", "Application", "NoAccount", "Told", "application_policy", "auditor_policy", "render", "told_by"]
