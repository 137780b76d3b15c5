"""Are the answers right? Everybody's answer is brought to the limit's shape, then compared with the limit's.

Rows that tie in the order of a page may come in any order, and any of them may be the last: not everybody
breaks ties by id, and we break them in the direction of the order."""
import json, re

import load

RANKS = ["APPRENTICE", "ELEMENTARY", "INTERMEDIATE", "SENIOR", "TECHNICIAN", "SENIOR_TECHNICIAN"]
STAGES = {"CLAIMED": "filed", "AGREED": "mediating", "PARTIALLY_PAID": "mediated", "PAID": "closed", "DEFAULTED": "arbitration"}
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

NAMES = {
    "gongtu": {"sex": "gender", "birthOn": "birthDate", "skillRank": "skillLevel", "createdAt": "unionJoinedOn",
               "innovationStudios": "studios", "workerUpsert": "upsertWorker"},
    "postgraphile": {"rowId": "id", "workerByRowId": "worker", "allWorkers": "workers", "organizationByEmployerId": "employer",
                     "divisionByDivisionCode": "division", "allInnovationStudios": "studios", "workerByLeaderId": "leader",
                     "studioMembersByStudioId": "members", "workerByWorkerId": "worker", "achievementsByStudioId": "achievements"},
    "seaography": {"innovationStudio": "studios", "organization": "employer", "studioMember": "members", "achievement": "achievements"},
}


def shaped(it, names, parent=""):
    if isinstance(it, list):
        return [shaped(one, names, parent) for one in it]
    if not isinstance(it, dict):
        return it
    out = {}
    for key, value in it.items():
        if names is NAMES["seaography"] and key == "worker" and "studioMember" in it:
            key = "leader"
        elif key == "nodes":
            key, value = "edges", [{"node": one} for one in value]
        out[names.get(key, key)] = shaped(value, names, key)
    return out


def key(text):
    """The peers' key of a row. Ours has it in the first ten characters."""
    text = str(text)
    if "_" not in text:
        return int(text)
    number = 0
    for digit in text.rsplit("_", 1)[1][:10]:
        number = number * 32 + ALPHABET.index(digit)
    return number - load.BASE


def rank(it):
    return RANKS.index(it) if isinstance(it, str) else it


def day(it):
    return it[:10]


def nodes(connection):
    return [it["node"] for it in connection["edges"]]


def page(rows, order, goes_on):
    """The order of a page, and its rows without those that tie with the last."""
    keys = [order(it) for it in rows]
    kept = [it for it, k in zip(rows, keys) if not goes_on or k != keys[-1]]
    return [len(rows), keys, sorted(kept, key=repr)]


def q1(data):
    it = data["worker"]
    if "edges" in it:
        it = nodes(it)[0]
    phone = it["phone"]["value"] if isinstance(it["phone"], dict) else it["phone"]
    # What of it is not masked.
    phone = phone and (phone[:3], phone[-4:])
    return [key(it["id"]), it["name"], it["gender"].lower(), it["birthDate"], phone, rank(it["skillLevel"]), day(it["unionJoinedOn"])]


def q2(data):
    connection = data.get("workers") or data["worker"]
    rows = [[it["name"], key(it["id"]), it["gender"].lower(), rank(it["skillLevel"]), day(it["unionJoinedOn"]),
             key(it["employer"]["id"]), it["employer"]["name"], it["division"]["code"]] for it in nodes(connection)]
    return page(rows, lambda it: it[0], len(rows) == 50)


def q3(data):
    studios = []
    for it in nodes(data["studios"]):
        leader = it["leader"]
        members = [[key(one["id"]), key(one["worker"]["id"]), one["worker"]["name"]] for one in nodes(it["members"])]
        achievements = [[one["achievedOn"], key(one["id"]), one["title"]] for one in nodes(it["achievements"])]
        studios.append([key(it["id"]), it["name"], it["field"], key(leader["id"]), leader["name"], key(leader["employer"]["id"]),
                        members, page(achievements, lambda one: one[0], True)])
    return studios


def q4n(data):
    connection = data.get("workers") or data["worker"]
    rows = [[day(it["unionJoinedOn"]), key(it["id"]), it["name"], rank(it["skillLevel"])] for it in nodes(connection)]
    return page(rows, lambda it: it[0], len(rows) == 20)


def q4(data):
    connection = data.get("workers") or data["worker"]
    total = connection["paginationInfo"]["total"] if "paginationInfo" in connection else connection["totalCount"]
    return [total, q4n(data)]


def q5(data):
    if "workers" in data:  # PostGraphile
        skills = [(int(it["keys"][0]), int(it["distinctCount"]["id"])) for it in data["workers"]["groupedAggregates"]]
        sums = [(it["keys"][0], int(it["distinctCount"]["id"]), it["sum"]["amountRecovered"]) for it in data["allDisputeCases"]["groupedAggregates"]]
    elif "workerGroups" in data:
        skills = [(rank(it["skillLevel"]), it["count"]) for it in data["workerGroups"]]
        sums = [(STAGES[it["status"]], it["count"], money(it)) for it in data["wageRecoveryGroups"]]
    else:
        skills = [(it["skillLevel"], it["count"]) for it in data["workerSkillSummary"]]
        sums = [(it["stage"], it["cases"], it["amountRecovered"]) for it in data["disputeRecovery"]]
    return [sorted(skills), sorted((stage, n, round(float(amount), 2)) for stage, n, amount in sums)]


def money(group):
    """The yuan of the one sum in a group, whatever it is called."""
    found = re.search(r'"yuan": "([\d.]+)"', json.dumps(group))
    return found.group(1)


def m1(data):
    """Whose row it is is no matter; that one was written is."""
    it = data["upsertWorker"]
    if it.get("userErrors"):
        return ["refused", it["userErrors"]]
    return ["written" if it.get("worker", it) else "nothing"]


READERS = {"q1": q1, "q2": q2, "q3": q3, "q4": q4, "q4n": q4n, "q5": q5, "m1": m1}


def read(family, op, answer):
    """What an answer says, or why it says nothing."""
    try:
        body = json.loads(answer)
        if "errors" in body or "data" not in body:
            return f"an error: {answer[:300].decode(errors='replace')}"
        return READERS[op](shaped(body["data"], NAMES.get(family, {})))
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        return f"not readable ({error!r}): {answer[:300].decode(errors='replace')}"


def is_bad(answer):
    """An error is an HTTP 200, and a fast one."""
    return b'"errors":[' in answer or b'"data"' not in answer or b'"userErrors":[{' in answer or b'"data":null' in answer


def differs(contender, limit, op, seeds=range(1, 7)):
    """The first draw whose answer is not the limit's; nothing when all are."""
    for seed in seeds:
        got = read(contender.family, op, contender.post(contender.bodies(op, seed)[0]))
        wanted = read(limit.family, op, limit.post(limit.bodies(op, seed)[0]))
        if got != wanted:
            return f"draw {seed}: got {str(got)[:400]}\n      wanted {str(wanted)[:400]}"
    return None
