"""宏达五金 over the API: items, warehouses and partners, then stock and orders, as a client program does."""

from typing import Any

from rest_framework.test import APIClient

BASE = "/api/v1/inventory/"
MASTERDATA = "/api/v1/masterdata/"


class Store:
    """A client with short words for the common requests; every helper asserts that the request went well."""

    def __init__(self, client: APIClient) -> None:
        self.client = client

    def ask(self, path: str, **params: Any) -> Any:
        """The raw answer of a GET; `from_` stands for from."""
        return self.client.get(BASE + path, {name.rstrip("_"): value for name, value in params.items()})

    def get(self, path: str, **params: Any) -> Any:
        """The answer of a GET that must succeed."""
        response = self.ask(path, **params)
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def post(self, path: str, body: Any = None, **headers: Any) -> Any:
        """The raw answer of a POST."""
        return self.client.post(BASE + path, body if body is not None else {}, format="json", **headers)

    def made(self, path: str, body: Any = None) -> Any:
        """The answer of a POST that must succeed."""
        response = self.post(path, body)
        assert response.status_code in (200, 201), response.content.decode()
        return response.json()

    def master(self, path: str, body: Any) -> Any:
        response = self.client.post(MASTERDATA + path, body, format="json")
        assert response.status_code == 201, response.content.decode()
        return response.json()

    def stocked(self) -> "Store":
        """Two warehouses, three items, a customer and a supplier."""
        self.master("warehouses/", {"code": "WH-RAW", "name": "原料仓"})
        self.master("warehouses/", {"code": "WH-FG", "name": "成品仓"})
        self.master("items/", {"code": "M6-BOLT", "name": "六角螺栓", "stock_unit": "pcs",
                               "units": [{"unit": "box", "factor": "100"}]})  # fmt: skip
        self.master("items/", {"code": "FL-DN50", "name": "法兰盘 DN50", "stock_unit": "pcs"})
        self.master("items/", {"code": "OIL-46", "name": "液压油", "stock_unit": "kg", "tracking": "lot"})
        self.master("partners/", {"code": "C001", "name": "华东机械有限公司", "is_customer": True})
        self.master("partners/", {"code": "S001", "name": "永固紧固件厂", "is_supplier": True})
        return self

    def receipt(self, quantity: str, *, item: str = "M6-BOLT", warehouse: str = "WH-RAW", **more: Any) -> Any:
        """Post a receipt at 1.00 a unit unless `unit_cost` or `origin` says otherwise."""
        head = {name: more.pop(name) for name in ("moved_on", "reason", "partner") if name in more}
        line = {"item": item, "quantity": quantity, **({} if "origin" in more else {"unit_cost": "1.00"}), **more}
        return self.made("receipts/", {"warehouse": warehouse, "reason": "other_in", "lines": [line], **head})

    def sale(self, quantity: str = "10", *, confirmed: bool = True, **more: Any) -> Any:
        """A sales order of bolts, confirmed."""
        line = {"item": "M6-BOLT", "quantity": quantity, "unit_price": "2.26", "tax_rate": "0.13",
                "warehouse": "WH-RAW", **more.pop("line", {})}  # fmt: skip
        order = self.made("sales-orders/", {"partner": "C001", "lines": [line], **more})
        return self.made(f"sales-orders/{order['id']}/confirm/", {"version": order["version"]}) if confirmed else order

    def purchase(self, quantity: str = "100", *, confirmed: bool = True, **more: Any) -> Any:
        """A purchase order of bolts at 1.13 with tax, confirmed."""
        line = {"item": "M6-BOLT", "quantity": quantity, "unit_price": "1.13", "tax_rate": "0.13",
                "warehouse": "WH-RAW", **more.pop("line", {})}  # fmt: skip
        order = self.made("purchase-orders/", {"partner": "S001", "lines": [line], **more})
        path = f"purchase-orders/{order['id']}/confirm/"
        return self.made(path, {"version": order["version"]}) if confirmed else order

    def on_hand(self, item: str = "M6-BOLT", warehouse: str = "WH-RAW") -> str:
        """Quantity of an item in a warehouse, `0` when there is no row."""
        rows = self.get("on-hand/", item=item, warehouse=warehouse)["results"]
        return rows[0]["quantity"] if rows else "0"


def code_of(response: Any) -> tuple[int, str]:
    """Status and refusal code of an answer."""
    return response.status_code, response.json().get("code", "")
