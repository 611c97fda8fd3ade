"""What each role may do: one table, read by the migration that makes the groups and shown in the documentation."""

CREATE_TRANSFER = "orders.create_transfer"
CREATE_REQUISITION = "orders.create_requisition"
CREATE_PRESCRIPTION = "orders.create_prescription"
DELIVER = "orders.deliver_order"
RECEIVE = "orders.receive_delivery"
CANCEL = "orders.cancel_order"
VIEW_ORDERS = "orders.view_order"
VIEW_STOCK = "inventory.view_stocklevel"
VIEW_PATIENTS = "parties.view_patient"

ROLE_PERMISSIONS: dict[str, list[str]] = {
    "Beställare": [CREATE_REQUISITION, DELIVER, CANCEL, VIEW_ORDERS, VIEW_STOCK],
    "Förskrivare": [CREATE_REQUISITION, CREATE_PRESCRIPTION, DELIVER, CANCEL, VIEW_ORDERS, VIEW_STOCK, VIEW_PATIENTS],
    "Förrådspersonal": [CREATE_TRANSFER, DELIVER, RECEIVE, CANCEL, VIEW_ORDERS, VIEW_STOCK],
    "Tekniker": [CREATE_TRANSFER, DELIVER, RECEIVE, CANCEL, VIEW_ORDERS, VIEW_STOCK],
    "HMS handläggare": [DELIVER, CANCEL, VIEW_ORDERS, VIEW_STOCK],
    "HMS lager": [DELIVER, CANCEL, VIEW_ORDERS, VIEW_STOCK],
    "Loggranskare": [],
    "Systemförvaltare": [VIEW_STOCK],
}
