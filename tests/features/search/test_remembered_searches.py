"""Searches that remember answer like those that do not, whatever was changed between them."""

import json
import os
import random
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select

from ringbinder.db.sight import EVERYTHING, Sight
from ringbinder.db.tables import binders
from ringbinder.db.tenancy import of_tenant
from ringbinder.features.search.schemas import found_item
from ringbinder.features.search.service import Asked, HotSearches
from ringbinder.kit.errors import FieldErrors
from tests.factories.content import Json, new_binder, new_document, new_element, new_folder
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.db, pytest.mark.slow]

CHANGES = int(os.environ.get("MANY", "40"))
ASKED = 5
"""So many of the searches are asked after each change."""

WORDS = ("plan", "Plan", "sektion", "Åtgärd", 'Zon "1"', "avtal & del's", "10%")
ROOMS = ("r1", "R2", "å3")
ENDS = ("pdf", "dwg")


class House:
    """An organisation that changes all the time."""

    def __init__(self, tenant: Tenant, seed: int) -> None:
        self.tenant = tenant
        self.draw = random.Random(seed)  # noqa: S311 - repeatable, not secret
        self.binders: list[Json] = []
        self.folders: list[Json] = []
        self.documents: list[str] = []
        self.trash: list[str] = []
        self.made = 0

    @property
    def changes(self) -> dict[Callable[[], Awaitable[None]], int]:
        """What can happen, and how often; most changes are of documents."""
        return {
            self.add: 5, self.rename: 4, self.describe: 4, self.move: 3, self.delete: 3,
            self.restore: 2, self.add_folder: 1, self.delete_folder: 1, self.relabel: 1,
        }  # fmt: skip

    async def build(self) -> None:
        for name in ("Norra", "Södra"):
            binder = await new_binder(self.tenant.admin, name=name)
            await new_element(self.tenant.admin, binder, "Rum")
            await new_element(
                self.tenant.admin, binder, "Fas", dataType="Enumerated", values=phases("Bygg")
            )
            self.binders.append(binder)
            await self.add_folder()
        for _ in range(8):
            await self.add()

    async def change(self) -> str:
        ways = list(self.changes)
        (way,) = self.draw.choices(ways, list(self.changes.values()))
        await way()
        return way.__name__

    def name(self) -> str:
        self.made += 1
        return f"{self.draw.choice(WORDS)} {self.made}.{self.draw.choice(ENDS)}"

    def described(self) -> list[Json]:
        return [
            {"metadataElementId": "Rum", "value": self.draw.choice(ROOMS)},
            {"metadataElementId": "Fas", "valueId": self.draw.choice(("b", "d"))},
        ]

    async def add(self) -> None:
        folder = self.draw.choice(self.folders)
        made = await new_document(
            self.tenant.creator, folder, self.name(), metadata=self.described()
        )
        self.documents.append(made["document"]["id"])

    async def rename(self) -> None:
        await self._patch({"fileName": self.name()})

    async def describe(self) -> None:
        await self._patch({"metadata": self.described()})

    async def move(self) -> None:
        document = await self.tenant.admin.get(f"/documents/{self.draw.choice(self.documents)}")
        here = document.json()["binderId"]
        folders = [folder["id"] for folder in self.folders if folder["binderId"] == here]
        answer = await self.tenant.admin.patch(
            f"/documents/{document.json()['id']}", json={"folderId": self.draw.choice(folders)}
        )
        assert answer.status_code == 200, answer.text

    async def delete(self) -> None:
        if len(self.documents) > 5:
            self.trash.append(gone := self._take())
            answer = await self.tenant.admin.delete(f"/documents/{gone}")
            assert answer.status_code == 200, answer.text

    async def restore(self) -> None:
        if self.trash:
            back = self.trash.pop()
            answer = await self.tenant.admin.post(f"/documents/{back}/restore")
            if answer.status_code == 200:
                self.documents.append(back)

    async def add_folder(self) -> None:
        binder = self.draw.choice(self.binders) if len(self.folders) > 1 else self.binders[-1]
        parents = [one["id"] for one in self.folders if one["binderId"] == binder["id"]]
        parent = {"parentId": self.draw.choice(parents)} if parents else {}
        made = await new_folder(self.tenant.admin, binder, f"Flik {self.made}", **parent)
        self.made += 1
        self.folders.append(made | {"binderId": binder["id"]})

    async def delete_folder(self) -> None:
        """Delete a folder that has neither folders nor documents, if the last one is such."""
        folder = self.folders[-1]
        path = f"/documents/drives/binders/{folder['binderId']}/folders/{folder['id']}"
        answer = await self.tenant.admin.delete(path)
        assert answer.status_code in (200, 204, 409), answer.text
        if answer.is_success:
            self.folders.pop()

    async def relabel(self) -> None:
        path = f"/binders/{self.draw.choice(self.binders)['id']}/metadataelements/Fas"
        values = phases(self.draw.choice(("Bygg", "Byggskede", "Drift")))
        answer = await self.tenant.admin.patch(path, json={"values": values})
        assert answer.status_code == 200, answer.text

    async def _patch(self, fields: Json) -> None:
        document = self.draw.choice(self.documents)
        answer = await self.tenant.admin.patch(f"/documents/{document}", json=fields)
        assert answer.status_code == 200, answer.text

    def _take(self) -> str:
        return self.documents.pop(self.draw.randrange(len(self.documents)))

    def searches(self) -> list[tuple[Json, str | None]]:
        binder, folder = self.binders[0]["id"], self.folders[0]["id"]
        inside = condition("GLOBAL_BinderId", valueId=binder)
        room = condition("Rum", value="R2")
        return [
            ({}, None),
            ({}, "pla"),
            ({}, "1"),
            ({"MetadataFilters": [inside]}, None),
            ({"MetadataFilters": [inside]}, "å"),
            ({"MetadataFilters": [condition("GLOBAL_TabId", valueId=folder)]}, None),
            ({"MetadataFilters": [room]}, None),
            ({"MetadataFilters": [room, condition("Fas", valueId="b")]}, None),
            ({"MetadataFilters": [condition("Fas", value="Bygg")]}, None),
            ({"MetadataFilters": [condition("Rum", operator="contains", value="R")]}, None),
            ({"AnyOf": [[room, condition("Fas", valueId="d")]]}, None),
            ({"SortBy": [condition("Rum", direction="desc")]}, None),
            ({"SortBy": [condition("Fas"), condition("GLOBAL_Date")]}, None),
            ({"SortBy": [condition("GLOBAL_CreatedBy")]}, None),
        ]


def phases(first: str) -> list[Json]:
    return [{"valueId": "b", "label": first}, {"valueId": "d", "label": "Drift och skötsel"}]


def condition(key: str, **fields: str) -> Json:
    return {"metadataElementId": key, **fields}


@pytest.mark.parametrize("few", [0, 5000])
async def test_what_is_remembered_is_never_of_yesterday(
    world: World, tenant: Tenant, few: int
) -> None:
    """Pages, totals and cursors are those of a search that looks everything up."""
    seed = random.randrange(10**6)  # noqa: S311 - told where it fails, so that it can be repeated
    house = House(tenant, seed)
    await house.build()
    key = tenant.organisation.key
    remembering = new_searches(world, few)
    sights = [EVERYTHING, Sight(binders=await key_of_first_binder(world, key))]
    for _ in range(CHANGES):
        change = await house.change()
        for body, term in house.draw.sample(house.searches(), ASKED):
            for sight in sights:
                asked = Asked(json.dumps(body).encode(), body, term, None, 0, 3)
                fresh = await answer_of(new_searches(world, few), key, sight, asked)
                known = await answer_of(remembering, key, sight, asked)
                assert known == fresh, (change, body, term, seed)


async def test_a_term_is_found_by_a_part_of_it_and_nothing_else_is(
    world: World, tenant: Tenant
) -> None:
    binder = await new_binder(tenant.admin)
    folder = await new_folder(tenant.admin, binder) | {"binderId": binder["id"]}
    # Each part of the term is in other names too, and the first one in so many that it is common.
    for name in ("abcde", "abc 1", "abc 2", "x bcd x", "Åx CDE"):
        await new_document(tenant.creator, folder, f"{name}.pdf")
    searches = new_searches(world, few=2)
    for _ in range(2):  # looked up, then remembered
        asked = Asked(b"{}", {}, "AbcDE", None, 0, 50)
        found = await searches.find(tenant.organisation.key, EVERYTHING, asked)
        names = [item["fileName"] for item in json.loads(b"[%b]" % found.items_json)]
        assert (names, found.total) == (["abcde.pdf"], 1)


def new_searches(world: World, few: int) -> HotSearches:
    return HotSearches(world.parts.database, write_found=found_item, few=few)


async def answer_of(searches: HotSearches, key: int, sight: Sight, asked: Asked) -> object:
    try:
        return await searches.find(key, sight, asked)
    except FieldErrors as errors:
        return str(errors)


async def key_of_first_binder(world: World, organisation_key: int) -> frozenset[int]:
    async with world.parts.database.read(organisation_key) as session:
        first = await session.scalar(select(func.min(binders.c.key)).where(of_tenant(binders)))
    return frozenset({first})
