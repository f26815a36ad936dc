"""Imports every module with a table, so that migrations and tests know them all."""

import roleplay.assignments.models
import roleplay.attempts.models
import roleplay.evaluations.models
import roleplay.reports.models
import roleplay.scenarios.contacts
import roleplay.scenarios.keeping
import roleplay.scenarios.models
import tenants.audit
import tenants.member_tags
import tenants.outbox
import tenants.sign_ins
import tenants.tags

__all__ = ["roleplay", "tenants"]
