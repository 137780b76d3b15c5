"""The document of q5, when the schema has group aggregates."""
import re
import subprocess

DOCUMENT = ("query Q5($d:DivisionCode!){"
            "workerGroups(where:{divisionCode:{eq:$d}},by:[SKILL_RANK]){%s} "
            "wageRecoveryGroups(where:{divisionCode:{eq:$d}},by:[STATUS]){%s}}")


def document(binary):
    schema = subprocess.run([binary, "schema"], capture_output=True, text=True, check=True).stdout
    return of(schema)


def of(schema):
    """Nothing while the schema lacks them. The total that is asked for is the pay that was paid."""
    if "workerGroups(" not in schema or "wageRecoveryGroups(" not in schema:
        return None
    group = re.search(r"\ntype WageRecoveryGroup\b[^{]*\{(.*?)\n\}", schema, re.S).group(1)
    paid = re.search(r"\n  (\w*[pP]aid\w*): Money", group).group(1)
    return DOCUMENT % ("skillRank count", f"status count {paid}{{yuan}}")
