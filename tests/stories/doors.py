"""Every route of the kiosk that declares no act, and why: the table that a new route is added to, or fails.

Alone knows: which routes are open to a stranger, which to anybody who is signed in, and which the core judges by itself, for which act.
Must not know: what a route does.

A route that some roles alone may use declares its act in the source (`requires`, `page_requires`) and stands in no table here.
"""

from typing import Any

OPEN = {
    "POST /api/v1/sessions": "signing in",
    "POST /api/v1/sessions/passkey/options": "signing in",
    "POST /api/v1/sessions/passkey": "signing in",
    "GET /api/v1/setup": "whether the first administrator is missing",
    "POST /api/v1/setup": "the first administrator, by the setup code",
    "GET /": "the sign-in screen",
    "POST /sign-in": "signing in",
    "POST /language": "in which language the pages go on",
    "GET /setup": "the first administrator",
    "POST /setup": "the first administrator, by the setup code",
    "POST /passkey/options": "signing in",
    "POST /passkey": "signing in",
    "GET /live": "that something changed, and not what",
    "POST /found-open/mine": "the PIN of the person whose drawer is open",
    "POST /found-open/other": "badge and PIN of the next person",
    "GET /healthz": "alive, and the mode",
    "GET /metrics": "figures without a name",
    "POST /training/end": "one touch of anybody ends training",
}
"""What a stranger may ask, and what it is."""

ANYBODY = {
    "DELETE /api/v1/sessions", "POST /api/v1/sessions/active", "POST /api/v1/sessions/proof", "POST /api/v1/sessions/pin",
    "GET /api/v1/stock", "GET /api/v1/restock", "GET /api/v1/discrepancies", "GET /api/v1/faults", "GET /api/v1/locks",
    "GET /api/v1/events", "GET /api/v1/fridges", "GET /api/v1/power", "GET /api/v1/debts", "GET /api/v1/items",
    "GET /api/v1/items/{item_id}/elsewhere", "GET /api/v1/scales",
    "GET /api/v1/mode", "GET /api/v1/freshness", "GET /mode", "GET /api/v1/quarantines", "GET /api/v1/parked",
    "GET /api/v1/unfilled", "GET /api/v1/kits", "GET /api/v1/order-sets",
    "GET /api/v1/formulary", "GET /api/v1/pars", "GET /discrepancies",
    "DELETE /api/v1/hardware/maintenance", "POST /api/v1/accesses/{access_id}/take-over", "POST /api/v1/codes",
    "POST /sign-out", "POST /stay", "POST /step-aside", "GET /more", "GET /shift", "GET /quarantines", "GET /attention",
    "GET /locks", "GET /me", "POST /me/pin", "POST /me/proof", "GET /bench",
    "POST /bench/give-back", "GET /drawers/{lock}/recovery", "GET /scales", "GET /parked", "GET /kits",
}  # fmt: skip
"""What anybody may who is signed in: looking, leaving, and what is about their own person; what is shown depends on who looks."""

OWN = {
    f"{method} {path}/accesses/{{access_id}}{step}"
    for path in ("/api/v1", "")
    for method, step in (
        ("GET", ""), *(("POST", f"/{word}") for word in (
            "count", "confirm", "cancel", "scan", "witness", "open", "opened", "not-opened", "elsewhere",
            "park", "kit", "alone", "unread", "acknowledge",
        )),
    )
} | {
    f"POST {path}/debts/{{debt_id}}/{word}"
    for path in ("/api/v1", "")
    for word in ("hand-over", "witness", "close", "order", "patient", "word")
} | {
    "GET /debts/{debt_id}",
}  # fmt: skip
"""Steps of an access or a debt: the core hears its own person alone (and what else its own tests say)."""

PATIENT = "p-301"

JUDGED: dict[str, tuple[str, dict[str, Any]]] = {
    **{
        f"{method} /api/v1/hardware{path}": ("maintain", {})
        for method, path in (
            ("GET", ""), ("GET", "/boards/{board}/identity"), ("GET", "/boards/{board}/reading"), ("POST", "/boards/{board}/hearing"),
            ("POST", "/locks/{lock}/pulse"), ("POST", "/lights/{pocket}"), ("GET", "/pockets/{pocket}/count"),
            ("POST", "/lines/{bus}/probe/{address}"), ("POST", "/lines/{bus}/address"), ("GET", "/trace"), ("POST", "/selftest"),
            ("POST", "/results"),
        )
    },
    "POST /bench/take": ("maintain", {}),
    "POST /api/v1/fridges/{drawer}/decision": ("decide", {"is_usable": True, "reason": "seen"}),
    "POST /fridges/{drawer}/decision": ("decide", {"usable": "true", "reason": "seen"}),
    "GET /patients/{patient_id}": ("withdraw", {}),
    "GET /patients/{patient_id}/find": ("withdraw", {}),
    "GET /patients/{patient_id}/items/{item_id}": ("withdraw", {}),
}  # fmt: skip
"""Routes whose act the core or the handler judges: the act, and a body that gets as far as being judged."""

ELSEWHERE = {
    "POST /api/v1/hardware/maintenance": "maintain: test_bench.py, where there are boards",
    "POST /api/v1/accesses": "by kind: tried cell by cell",
    "POST /accesses": "the same, on a page",
    "POST /api/v1/faults/{fault_id}/recovery": "recover_own or recover_any: test_recovery.py",
    "POST /api/v1/faults/{fault_id}/trial": "as above",
    "POST /api/v1/faults/{fault_id}/stuck": "anybody may say that a drawer does not close",
    "POST /drawers/{lock}/trial": "as above",
    "POST /api/v1/drawers/{lock}/help": "anybody may call for help",
    "POST /drawers/{lock}/help": "as above",
    "POST /drawers/{lock}/recovered": "as above",
    "POST /drawers/{lock}/stuck": "as above",
    "POST /faults/{fault_id}/recovery": "as above",
    "POST /api/v1/scales/{scale}/checks": "refill or maintain: test_kiosk_scales.py",
    "POST /api/v1/pockets/{pocket}/teaching": "as above",
    "POST /scales/{scale}/checks": "as above",
    "POST /pockets/{pocket}/teaching": "as above",
    "POST /api/v1/mode/{mode}": "critical_override, lock_down or train, as the mode: test_downtime.py",
    "POST /api/v1/mode/{mode}/end": "as above; anybody ends training",
    "POST /mode/{mode}": "as above",
    "POST /mode/{mode}/end": "as above",
    "POST /api/v1/quarantines": "quarantine: judged by the core",
    "POST /api/v1/quarantines/{quarantine_id}/lift": "as above",
    "POST /api/v1/parked/{key}/link": "items: judged by the core",
    "POST /api/v1/parked/{key}/dismissal": "as above",
    "POST /parked/{key}/link": "as above",
    "POST /parked/{key}/dismissal": "as above",
    "POST /api/v1/pockets/{pocket}/not-filled": "refill: judged by the core",
    "POST /pockets/{pocket}/not-filled": "as above",
    "POST /api/v1/sheets": "judged by the core",
    "POST /api/v1/sheets/{sheet_id}/close": "judged by the core",
    "GET /api/v1/discrepancies/{discrepancy_id}": "what is shown depends on who looks",
    "GET /discrepancies/{discrepancy_id}": "as above",
    "GET /discrepancies/{discrepancy_id}/signature": "as above; who signs is judged when they do",
    "POST /api/v1/discrepancies/{discrepancy_id}/resolution": "resolve: judged by the core",
    "POST /discrepancies/{discrepancy_id}/resolution": "as above",
    "POST /api/v1/cases": "withdraw: judged by the core",
    "POST /api/v1/cases/{case_id}/end": "its own person",
    "POST /api/v1/withdrawals/{access_id}/given": "its own person",
    "POST /api/v1/kits": "judged by the core",
    "POST /api/v1/kits/{tag}/contents": "judged by the core",
    "POST /kits/{tag}/contents": "as above",
    "GET /kits/{tag}/signature": "as above; who signs is judged when they do",
    "GET /patients/{patient_id}/sets/{set_id}": "withdraw: as the patient's page",
}
"""Routes whose roles are tried by the tests of their own subject, which stand beside them."""
