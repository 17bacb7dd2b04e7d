"""access: what a member with every role is answered in a state, and which grants are written."""

from apps.billing.domain.access import Entitlement, SubscriptionState, Target
from tests.billing.case_kinds._text import Json

DEFAULT_TENANT = "A"


def run(given: Json) -> Json:
    asker = given.get("as_tenant", DEFAULT_TENANT)
    entitlement = Entitlement(SubscriptionState(given["state"]), _modules_on(given))
    statuses = []
    for step in given["script"]:
        if "request" in step:
            statuses.append(_ask(entitlement, step["request"], asker))
        else:
            entitlement = _act(entitlement, step)
    return {
        "status": statuses,
        "grant_changes": entitlement.grant_changes,
        "state": entitlement.state.value,
        "other_tenant_rows_changed": 0,
    }


def _modules_on(given: Json) -> frozenset[str]:
    """Without `modules_on`, every module that the script asks for is on, but those it adds itself."""
    if "modules_on" in given:
        return frozenset(given["modules_on"])
    script = given["script"]
    asked = {step["request"].get("module", "") for step in script if "request" in step}
    removed = {step.get("item", "") for step in script if step.get("do") == "remove_now"}
    added = {step.get("item", "") for step in script if step.get("do") == "add"}
    return frozenset((asked | removed) - added - {""})


def _ask(entitlement: Entitlement, request: Json, asker: str) -> int:
    foreign = request.get("owner", asker) != asker
    return entitlement.status_of(Target(request["target"]), request.get("module"), foreign=foreign)


def _act(entitlement: Entitlement, step: Json) -> Entitlement:
    if step["do"] == "pay_all":
        return entitlement.settle()
    return entitlement.switch(step.get("item", ""), on=step["do"] == "add")
