"""A small made-up story, written as files and loaded as files are: a ferry between two towns.

Three sources (10 January, between 1 and 5 March, 20 June 2019), briefings on each, and a background.
"""

from datetime import UTC, date, datetime
from pathlib import Path

from bot.config import Story
from bot.curate.files.sync import sync
from bot.desk.desk import Desk
from bot.load.folder import Folder
from bot.store.store import Store

STORY = Story("ferry", "The ferry", "corpus", "briefings")
TODAY = date(2021, 6, 20)
NOW = datetime(2021, 6, 20, 12, tzinfo=UTC)

SOURCES = {
    "2019-01-10-plan": """---
id: 2019-01-10-plan
title: Two towns plan a ferry
outlet: The Harbour Post
url: https://harbour.example/plan
published: 2019-01-10
language: en
facts:
  - id: agreement
    date: 2018
    says: Alton and Borth agreed in 2018 to run a ferry together.
    speaker:
    kind: event
    tags: [agreement, alton, borth]
  - id: start-may
    date: 2019-05
    says: The ferry was to start in May 2019.
    speaker: Alton
    kind: plan
    tags: [start]
  - id: length
    date: 2019-01-10
    says: The ferry is 40 metres long.
    speaker:
    kind: background
    tags: [ship]
---
""",
    "2019-03-strike": """---
id: 2019-03-strike
title: (no headline printed) A strike at the yard
outlet: unknown
url: unknown
published: 2019-03-01/2019-03-05
dated_by: The strike began on a Friday, the first of March.
language: en
facts:
  - id: strike
    date: 2019-03-01
    says: Workers at the yard in Borth went on strike on 1 March 2019.
    speaker:
    kind: event
    tags: [strike, borth]
  - id: delayed
    date: 2019-03-01/2019-03-05
    says: Mayor Ada Penn said that the ferry would not start in May 2019.
    speaker: Ada Penn
    kind: statement
    tags: [start, open]
    supersedes:
      - fact: 2019-01-10-plan#start-may
        because: The start in May was given up.
  - id: cost
    date: undated
    says: Nobody would say what the strike cost.
    speaker:
    kind: background
    tags: [strike]
---
""",
    "2019-06-20-end": """---
id: 2019-06-20-end
title: Alton leaves the ferry
outlet: The Harbour Post
url: https://harbour.example/end
published: 2019-06-20
language: en
facts:
  - id: left
    date: 2019-06-19
    says: Alton left the agreement on 19 June 2019.
    speaker:
    kind: event
    tags: [alton, agreement]
    supersedes:
      - fact: 2019-01-10-plan#agreement
        because: Alton gave up what it had agreed to.
      - fact: 2019-03-strike#delayed
        because: There is no start to wait for any more.
  - id: blame
    date: 2019-06-19
    says: The strikers were not to blame.
    speaker: Ada Penn
    kind: statement
    tags: [strike]
    disputes:
      - fact: 2019-03-strike#strike
        because: She sees another cause than the strike.
---
""",
}

BRIEFINGS = {
    "2019-01-10-start": """---
id: 2019-01-10-start
title: A ferry is planned
as_of: 2019-01-10
state: Alton and Borth plan a ferry for May 2019.
phase: plan
tags: [start]
---
In 2018 Alton and Borth agreed to run a ferry [@2019-01-10-plan#agreement]. Alton said it was to
start in May 2019 [@2019-01-10-plan#start-may]. It is 40 metres long [@2019-01-10-plan#length].
""",
    "2019-03-05-background": """---
id: 2019-03-05-background
title: What lay before
as_of: 2019-03-05
state: The ferry goes back to an agreement of 2018.
phase: background
tags: []
---
The two towns agreed in 2018 [@2019-01-10-plan#agreement].
""",
    "2019-03-05-strike": """---
id: 2019-03-05-strike
title: A strike delays the ferry
as_of: 2019-03-05
state: A strike keeps the ferry from starting in May 2019.
phase: strike
tags: [strike]
---
On 1 March 2019 workers in Borth went on strike [@2019-03-strike#strike].

Ada Penn said that the start in May was given up [@2019-03-strike#delayed; @2019-01-10-plan#start-may].
""",
    "2019-06-20-over": """---
id: 2019-06-20-over
title: Alton leaves
as_of: 2019-06-20
state: Alton left the ferry on 19 June 2019.
phase: ended
tags: [agreement]
---
Alton left the agreement on 19 June 2019 [@2019-06-20-end#left].
""",
}


def write(root: Path) -> tuple[Folder, Folder]:
    """Writes the story's files below a folder."""
    for name, notes in (("corpus", SOURCES), ("briefings", BRIEFINGS)):
        (root / name).mkdir(parents=True, exist_ok=True)
        for note, text in notes.items():
            (root / name / f"{note}.md").write_text(text, encoding="utf-8")
    return (
        Folder("corpus", str(root / "corpus"), "source"),
        Folder("briefings", str(root / "briefings"), "briefing"),
    )


def desk(root: Path) -> Desk:
    """A desk that answers about the ferry."""
    store = Store(str(root / "state.db"))
    synced = sync(store, STORY, write(root), NOW)
    assert synced is not None
    assert synced.problems == ()
    return Desk(store, STORY)
