"""What vobject, a reader of vCards by others, makes of a file of cards. By hand, beside a server that runs:

    pip install vobject
    curl -s 'http://127.0.0.1:8080/groups/run.vcf?version=3.0' | python3 tests/tools/read_cards.py
"""

import sys

import vobject

for card in vobject.readComponents(sys.stdin.buffer.read().decode("utf-8")):
    card.validate(raiseException=True)
    print(f"{card.version.value}  {card.fn.value}")
    for line in card.getChildren():
        if line.name not in ("VERSION", "FN"):
            kinds = ",".join(line.params.get("TYPE", []))
            print(f"     {line.name:12} {kinds:14} {line.value!r}")
