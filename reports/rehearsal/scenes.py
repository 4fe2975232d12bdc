"""The scenes there are: a title and a briefing that give nothing away, and hints that do."""

from __future__ import annotations

from reports.rehearsal.scene import Scene

SCENES = (
    Scene(
        name="first-week-on-call",
        title="The first week on call",
        world="null-burst",
        minutes=15,
        players="1–2",
        skill=1,
        briefing="You took over the service from a colleague who left good notes. It has run "
        "well since launch. Feeds come from several teams; labels come days after the request. "
        "Keep the service well for half a year.",
        hints=(
            "Look at what comes in before you look at how well it is answered.",
            "Is every column there in every record, as often as in training?",
            "A feed has an owner who can mend it. A new training on broken data is no repair.",
        ),
    ),
    Scene(
        name="the-launch",
        title="After the launch",
        world="silent-schema-change",
        minutes=30,
        skill=2,
        briefing="A recommender was launched with a lift that made the quarter. Everybody has "
        "moved on to the next thing; you stay. Engagement has its seasons, as always. Half a "
        "year lies ahead.",
        hints=(
            "A slow slide looks like season to whoever has only the business figures.",
            "Compare the columns with what was agreed, not with last week.",
            "Who owns the feed? The model has done nothing wrong.",
        ),
    ),
    Scene(
        name="the-rush",
        title="The rush",
        world="latency-surge",
        minutes=15,
        players="1–3",
        skill=1,
        briefing="A busy service with one server and people who don't like to wait. Whoever "
        "waits too long gets the simple answer. Marketing has plans that they'll tell you "
        "about later.",
        hints=(
            "How long do the slowest answers take, and how many people give up?",
            "A new training does not make a server faster.",
            "The platform owner can.",
        ),
    ),
    Scene(
        name="autumn",
        title="Autumn",
        world="gradual-drift",
        minutes=20,
        players="1–3",
        skill=1,
        briefing="A model that decides on applications. What was learned in spring has served "
        "well. Labels come with a delay. You have a budget for trainings and nobody who asks "
        "for them.",
        hints=(
            "Nothing is broken. Something is changing.",
            "What do the newest labels say, beside those of the first month?",
            "Train on what is new, and let it prove itself before everybody gets it.",
        ),
    ),
    Scene(
        name="three-weeks",
        title="Three weeks",
        world="labels-three-weeks-late",
        minutes=25,
        skill=2,
        briefing="Whether an answer was right is known three weeks later. Until then you have "
        "what comes in and what goes out. Two teams depend on you.",
        hints=(
            "By the time labels tell, three weeks have passed. What tells sooner?",
            "An estimate without labels knows only some kinds of change.",
        ),
    ),
    Scene(
        name="friday",
        title="Friday afternoon",
        world="released-on-a-friday",
        minutes=15,
        players="1–2",
        skill=2,
        briefing="The roadmap says that new versions go out at the end of the week. The team "
        "is proud of its speed. Office hours are Monday to Friday.",
        hints=(
            "Who is there when a release turns out badly at three in the morning?",
            "The version before this one is kept. Going back takes minutes.",
        ),
    ),
    Scene(
        name="the-new-version",
        title="The new version",
        world="leak-that-passes",
        minutes=25,
        skill=3,
        briefing="Data science has a new pipeline. Its offline reports are better than "
        "anything this team has seen. You decide what goes to users.",
        hints=(
            "Why would the report be so much better?",
            "Let a few users meet it and compare both arms on the same days.",
            "What a snapshot holds need not be what the service gets.",
        ),
    ),
    Scene(
        name="two-phones",
        title="Two phones",
        world="two-at-once",
        minutes=30,
        players="2–4",
        skill=3,
        briefing="A service with many upstreams in a year with many plans. You share the duty; "
        "everybody has their own screens.",
        hints=(
            "One alarm may hide another.",
            "When the first thing is mended, is everything well again?",
        ),
    ),
    Scene(
        name="four-stages",
        title="Four stages",
        world="pipeline-retrieval",
        minutes=25,
        skill=2,
        briefing="An assistant of four stages: it retrieves, ranks, writes and checks. The "
        "figure on the wall is one number. The team that writes gets the complaints.",
        hints=(
            "One number is useless. Look stage by stage.",
            "A stage can be no better than what it is handed.",
        ),
    ),
    Scene(
        name="the-good-year",
        title="A good year",
        world="calm-year(horizon='26w')",
        minutes=15,
        players="1–2",
        skill=2,
        briefing="Last year was terrible; you were hired to make sure that it does not happen "
        "again. All the alarms are on.",
        hints=("What would happen if you did nothing?",),
    ),
)
"""All of them, the easiest first where they are told apart by skill."""


def by_name() -> dict[str, Scene]:
    """Return the scenes by name."""
    return {scene.name: scene for scene in SCENES}
