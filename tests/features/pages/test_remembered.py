"""What pages remember of a binder is never older than the binder."""

import re
from collections.abc import Awaitable
from dataclasses import replace
from uuid import UUID

import httpx
import pytest

from ringbinder.access.permissions import MemberRole
from ringbinder.db.sight import Sight
from ringbinder.features.binders import service as binders
from ringbinder.features.folders import service as folders
from ringbinder.features.layouts.service import Layouts
from ringbinder.features.layouts.types import Layout
from tests.factories.content import new_binder, new_document, new_element, new_folder
from tests.fakes.people import FakePeople
from tests.features.pages.conftest import Visitor, visitor
from tests.support.world import Tenant, World

pytestmark = [pytest.mark.api, pytest.mark.db]

CELL = re.compile(r'class="value[^"]*"[^>]*>([^<]*)</button>')


class Place:
    """A binder with a tab, a key with a list of values, and a document, and who looks at them."""

    def __init__(self, house: Tenant, anna: Visitor) -> None:
        self.house = house
        self.anna = anna

    async def furnish(self) -> "Place":
        house = self.house
        self.binder = await new_binder(house.admin, name="Kvarteret Åkern")
        self.tab = await new_folder(house.creator, self.binder) | {"binderId": self.binder["id"]}
        self.element = await new_element(
            house.admin, self.binder, "Hus", dataType="Enumerated", values=[{"label": "Norra"}]
        )
        value = self.element["values"][0]["valueId"]
        made = await new_document(
            house.creator,
            self.tab,
            "Plan.pdf",
            metadata=[{"metadataElementId": "Hus", "valueId": value}],
        )
        self.document = made["document"]
        return self

    @property
    def base(self) -> str:
        return f"/binders/{self.binder['id']}"

    @property
    def tab_path(self) -> str:
        return f"/documents/drives/binders/{self.binder['id']}/folders/{self.tab['id']}"

    async def rename_tab(self, name: str) -> None:
        await _done(self.house.admin.patch(self.tab_path, json={"name": name}))

    async def cells(self, who: Visitor | None = None) -> list[str]:
        answer = await (who or self.anna).fragment(f"{self.base}/rows?tab=all")
        assert answer.status_code == 200
        return CELL.findall(answer.text)

    async def everything(self) -> str:
        """Give what all pages say that remember, once they do."""
        said = []
        for address in (
            self.base,
            f"/documents/{self.document['id']}",
            f"{self.base}/upload",
            "/search?q=plan",
        ):
            answer = await self.anna.get(address)
            assert answer.status_code == 200
            said.append(answer.text)
        return "".join(said)


@pytest.fixture
async def place(house: Tenant, anna: Visitor) -> Place:
    return await Place(house, anna).furnish()


async def test_a_list_follows_its_tab_and_its_labels(place: Place) -> None:
    assert {"Ritningar", "Norra"} <= set(await place.cells())
    await place.rename_tab("Handlingar")
    assert "Handlingar" in await place.cells()
    value = {"valueId": place.element["values"][0]["valueId"], "label": "Norra huset"}
    path = f"{place.base}/metadataelements/Hus"
    await _done(place.house.admin.patch(path, json={"values": [value]}))
    assert {"Handlingar", "Norra huset"} <= set(await place.cells())


async def test_every_page_follows_a_new_name(place: Place) -> None:
    assert "Kvarteret Åkern" in await place.everything()
    assert "Kvarteret Åkern" in await place.everything()
    await _done(place.house.admin.patch(place.base, json={"name": "Kvarteret Ängen"}))
    await place.rename_tab("Handlingar")
    said = await place.everything()
    assert "Kvarteret Åkern" not in said
    assert "Ritningar" not in said
    assert "Kvarteret Ängen" in said
    assert "Handlingar" in said


async def test_a_new_key_is_a_column_at_once(place: Place) -> None:
    await place.cells()
    await new_element(place.house.admin, place.binder, "Plan", label="Våning")
    assert "Våning" in (await place.anna.get(place.base)).text


async def test_documents_come_and_go_while_the_rest_is_remembered(place: Place) -> None:
    await place.cells()
    await new_document(place.house.creator, place.tab, "Sektion.pdf")
    assert "Sektion.pdf" in (await place.anna.fragment(f"{place.base}/rows?tab=all")).text
    await _done(place.house.admin.delete(f"/documents/{place.document['id']}"))
    assert "Plan.pdf" not in (await place.anna.fragment(f"{place.base}/rows?tab=all")).text


async def test_a_deleted_binder_is_forgotten(place: Place) -> None:
    await place.cells()
    admin = place.house.admin
    await _done(admin.delete(f"/documents/{place.document['id']}"))
    await _done(admin.delete(place.tab_path))
    await _done(admin.delete(place.base))
    assert (await place.anna.fragment(f"{place.base}/rows")).status_code == 404


async def test_what_one_person_sees_is_not_remembered_for_another(
    place: Place, paged_world: World, people: FakePeople
) -> None:
    hidden = await new_folder(place.house.creator, place.binder, "Hemligt", isHidden=True)
    everything = place.anna
    keys = await _folder_keys(paged_world, place.house)
    restricted = visitor(paged_world, people, place.house, MemberRole.READER)
    sight = Sight(hidden_folders=frozenset({keys["Hemligt"]}))
    people.change(restricted.cookie, actor=replace(restricted.caller.actor, sight=sight))
    for _ in range(2):
        assert "Hemligt" in (await everything.get(place.base)).text
        assert "Hemligt" not in (await restricted.get(place.base)).text
        address = f"{place.base}/rows?tab={hidden['id']}"
        assert (await everything.fragment(address)).status_code == 200
        assert (await restricted.fragment(address)).status_code == 404


async def _folder_keys(world: World, house: Tenant) -> dict[str, int]:
    async with world.parts.database.read(house.organisation.key) as session:
        ((binder, _),), _ = await binders.list_binders(session)
        return {one.name: one.key for one in await folders.list_tree(session, binder)}


async def test_what_holds_is_not_looked_up_again(place: Place, paged_world: World) -> None:
    known = Layouts()

    async def find() -> Layout:
        async with paged_world.parts.database.read(place.house.organisation.key) as session:
            return await known.find(session, binder_id=place.binder["id"])

    first = await find()
    assert await find() is first
    await new_document(place.house.creator, place.tab, "Sektion.pdf")
    assert await find() is first
    await place.rename_tab("Handlingar")
    assert (await find()).tree[0].name == "Handlingar"


async def test_a_unit_of_work_keeps_what_it_changed_to_itself(
    place: Place, paged_world: World
) -> None:
    known, house = Layouts(), place.house
    binder_id = place.binder["id"]
    with pytest.raises(ZeroDivisionError):
        async with paged_world.parts.database.write(house.organisation.key) as session:
            await folders.update_folder(
                session,
                house.operator,
                binder_id=binder_id,
                folder_id=UUID(place.tab["id"]),
                name="Aldrig",
            )
            assert (await known.find(session, binder_id=binder_id)).tree[0].name == "Aldrig"
            raise ZeroDivisionError
    async with paged_world.parts.database.read(house.organisation.key) as session:
        assert (await known.find(session, binder_id=binder_id)).tree[0].name == "Ritningar"


async def _done(asked: Awaitable[httpx.Response]) -> None:
    answer = await asked
    assert answer.is_success, answer.text
