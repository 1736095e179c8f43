// Shows what `/live` tells, and calls the same routes that any other client would. Everything that comes from the server is put in as
// text, never as markup.
"use strict";
(() => {
  const MOST_RECORDS = 200;
  const SAMPLES = [["Lamp", "49.00"], ["Kettle", "32.50"], ["Chair", "120.00"], ["Clock", "18.90"], ["Vase", "24.00"], ["Rug", "89.00"]];
  const CUSTOMERS = ["Ada", "Grace", "Edsger", "Barbara", "Alan"];
  const byId = (id) => document.getElementById(id);
  const state = { products: [], orders: [], seen: 0, sample: 0, customer: 0 };

  // An element with attributes, and with children that are elements or text.
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") element.addEventListener(key, value);
      else if (value !== undefined) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== undefined));
    return element;
  };
  const say = (text) => {
    byId("said").textContent = text;
    byId("latest").firstChild.textContent = text;
    byId("latest").hidden = false;
  };
  const price = (cents) => (cents / 100).toLocaleString("en", { minimumFractionDigits: 2 });

  // Calls the service. What goes wrong is what it says, in its own words.
  const call = async (method, path, body) => {
    const request = { method };
    if (body !== undefined) {
      request.headers = { "content-type": "application/json" };
      request.body = JSON.stringify(body);
    }
    let response;
    try {
      response = await fetch(path, request);
    } catch {
      throw new Error("the service does not answer; is it running?");
    }
    const text = await response.text();
    if (response.ok) return text ? JSON.parse(text) : undefined;
    let detail = `${response.status} ${response.statusText}`;
    try { detail = JSON.parse(text).detail ?? detail; } catch { /* it is not ours */ }
    throw new Error(detail);
  };

  // Runs one action of a form or a row, once at a time; shows what goes wrong where it was asked for.
  const act = async (place, action) => {
    if (place.dataset.busy) return;
    place.dataset.busy = "yes";
    const problem = place.querySelector(".problem");
    problem.hidden = true;
    try {
      await action();
    } catch (error) {
      problem.textContent = error.message;
      problem.hidden = false;
    } finally {
      delete place.dataset.busy;
    }
    await refresh();
  };

  const cents = (text) => {
    const match = /^\s*(\d{1,9})(?:[.,](\d{1,2}))?\s*$/.exec(text);
    if (!match) throw new Error("write the price as 12.50");
    return Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0"));
  };

  // Products and orders.

  const problem = () => make("p", { class: "problem", role: "alert", hidden: "" });

  const productRow = (product) => {
    const row = make("li", { "data-id": product.id });
    const body = (form) => ({ name: form.elements.name.value, price_cents: cents(form.elements.price.value), note: product.note });
    const edit = () => {
      const form = make("form", {
        class: "new", novalidate: "",
        submit: (event) => {
          event.preventDefault();
          act(row, async () => {
            await call("PUT", `/products/${product.id}`, body(form));
            form.replaceWith(line);
            line.querySelector("button").focus();
          });
        },
        keydown: (event) => { if (event.key === "Escape") cancel(); },
      },
      make("label", {}, "Name ", make("input", { name: "name", value: product.name, maxlength: "200", autocomplete: "off" })),
      make("label", { class: "short" }, "Price ", make("input", { name: "price", value: (product.price_cents / 100).toFixed(2), inputmode: "decimal", autocomplete: "off" })),
      make("button", { class: "main" }, "Save"),
      make("button", { type: "button", click: () => cancel() }, "Cancel"));
      const cancel = () => {
        form.replaceWith(line);
        row.querySelector(".problem").hidden = true;
        line.querySelector("button").focus();
      };
      line.replaceWith(form);
      form.elements.price.focus();
      form.elements.price.select();
    };
    const line = make("div", { class: "row" },
      make("span", { class: "what" }, product.name),
      make("span", { class: "amount" }, price(product.price_cents)),
      make("span", { class: "buttons" },
        make("button", { type: "button", "aria-label": `Change ${product.name}`, click: edit }, "Change"),
        make("button", { type: "button", "aria-label": `Delete ${product.name}`, click: () => act(row, () => call("DELETE", `/products/${product.id}`)) }, "Delete")));
    row.append(line, problem());
    return row;
  };

  const orderRow = (order) => {
    const product = state.products.find(({ id }) => id === order.product_id)?.name ?? "a product";
    const row = make("li", { "data-id": order.id });
    const change = (by) => act(row, () => call("PUT", `/orders/${order.id}`, { quantity: order.quantity + by }));
    const what = `${order.customer}’s order of ${product}`;
    row.append(make("div", { class: "row" },
      make("span", { class: "what" }, `${order.quantity} × ${product}`, make("small", {}, order.customer)),
      make("span", { class: "buttons" },
        make("button", { type: "button", class: "step", "aria-label": `One less in ${what}`, click: () => change(-1) }, "−"),
        make("button", { type: "button", class: "step", "aria-label": `One more in ${what}`, click: () => change(1) }, "+"),
        make("button", { type: "button", "aria-label": `Delete ${what}`, click: () => act(row, () => call("DELETE", `/orders/${order.id}`)) }, "Delete"))),
    problem());
    return row;
  };

  // Replaces only rows that have changed, so that what is being edited, or has the focus, stays.
  const show = (list, things, rowOf, textOf) => {
    const rows = new Map([...list.children].map((row) => [row.dataset.id, row]));
    let before = null;
    for (const thing of things) {
      let row = rows.get(thing.id);
      rows.delete(thing.id);
      const text = textOf(thing);
      if (!row || (row.dataset.text !== text && !row.querySelector("form"))) {
        const next = rowOf(thing);
        next.dataset.text = text;
        if (row) replace(row, next);
        row = next;
      }
      const place = before ? before.nextSibling : list.firstChild;
      if (row !== place) list.insertBefore(row, place);
      before = row;
    }
    for (const row of rows.values()) {
      const had = row.contains(document.activeElement);
      row.remove();
      if (had) (list.querySelector("button") ?? list.closest("section").querySelector("input, select")).focus();
    }
  };

  const replace = (row, next) => {
    const label = row.contains(document.activeElement) ? document.activeElement.getAttribute("aria-label") : null;
    const old = row.querySelector(".problem");
    if (!old.hidden) next.querySelector(".problem").replaceWith(old);
    row.replaceWith(next);
    if (label) (next.querySelector(`[aria-label="${CSS.escape(label)}"]`) ?? next.querySelector("button")).focus();
  };

  const refresh = async () => {
    try {
      [state.products, state.orders] = await Promise.all([call("GET", "/products"), call("GET", "/orders")]);
    } catch {
      return; // the connection says so
    }
    const { products, orders } = state;
    show(byId("products"), products, productRow, (product) => JSON.stringify(product));
    show(byId("orders"), orders, orderRow, (order) => JSON.stringify([order, products.find(({ id }) => id === order.product_id)?.name]));
    const rows = products.length + orders.length;
    byId("changed").textContent = rows;
    byId("changed-word").textContent = rows === 1 ? "row" : "rows";
    byId("no-products").hidden = products.length > 0;
    byId("new-order").hidden = products.length === 0;
    byId("no-orders").hidden = orders.length > 0;
    byId("no-orders").textContent = products.length > 0 ? "There are none yet." : "Create a product first.";
    const select = byId("new-order").elements.product_id;
    const chosen = select.value;
    select.replaceChildren(...products.map(({ id, name }) => make("option", { value: id }, name)));
    if (products.some(({ id }) => id === chosen)) select.value = chosen;
  };

  // What others change arrives as records; many of them are one look at the lists.
  let due;
  const refreshSoon = () => {
    clearTimeout(due);
    due = setTimeout(refresh, 150);
  };

  const suggest = () => {
    const { name, price } = byId("new-product").elements;
    [name.value, price.value] = SAMPLES[state.sample++ % SAMPLES.length];
    byId("new-order").elements.customer.value = CUSTOMERS[state.customer % CUSTOMERS.length];
  };

  byId("new-product").addEventListener("submit", (event) => {
    event.preventDefault();
    const { name, price } = event.target.elements;
    act(event.target, async () => {
      await call("POST", "/products", { name: name.value, price_cents: cents(price.value) });
      suggest();
    });
  });

  byId("new-order").addEventListener("submit", (event) => {
    event.preventDefault();
    const { product_id, customer, quantity } = event.target.elements;
    act(event.target, async () => {
      await call("POST", "/orders", { product_id: product_id.value, customer: customer.value, quantity: Number(quantity.value) });
      state.customer += 1;
      customer.value = CUSTOMERS[state.customer % CUSTOMERS.length];
    });
  });

  // Records.

  const kindOf = (type) => {
    if (type.endsWith("Created")) return "created";
    if (type.endsWith("Deleted")) return "deleted";
    return /(Updated|Changed)$/.test(type) ? "updated" : "other";
  };

  const parse = (text) => { try { return JSON.parse(text); } catch { return null; } };

  const valueOf = (name, value) => (name === "price_cents" && typeof value === "number" ? price(value) : String(value));

  // What a person wants to know of an event: what it is of, and what has changed.
  const gist = (event) => {
    const { data, old_data: old } = event ?? {};
    if (!data || typeof data !== "object") return [];
    const parts = [];
    for (const [name, value] of Object.entries(data)) {
      if (name === "id" || name === "product_id" || typeof value === "object") continue;
      if (parts.length > 0) parts.push(" · ");
      const label = typeof value === "number" && name !== "price_cents" ? `${name} ` : "";
      if (old && old[name] !== undefined && old[name] !== value) parts.push(make("del", {}, label + valueOf(name, old[name])), " ", make("strong", {}, valueOf(name, value)));
      else parts.push(label + valueOf(name, value));
    }
    return parts;
  };

  const highlighted = (json) => {
    const pre = make("pre");
    const token = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*|\btrue\b|\bfalse\b|\bnull\b)/g;
    let end = 0;
    for (const match of json.matchAll(token)) {
      pre.append(json.slice(end, match.index));
      const [whole, string, colon, value] = match;
      if (value !== undefined) pre.append(make("span", { class: "value" }, value));
      else pre.append(make("span", { class: colon ? "name" : "string" }, string), colon ?? "");
      end = match.index + whole.length;
    }
    pre.append(json.slice(end));
    return pre;
  };

  const table = (pairs) => make("dl", { class: "record" }, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));

  const recordItem = (record) => {
    const event = parse(record.value);
    const headers = Object.fromEntries(record.headers);
    const type = headers.ce_type ?? event?.event_type ?? "(no type)";
    const time = headers.ce_time ? new Date(headers.ce_time).toLocaleTimeString("en-GB") : "";
    const value = record.value === null ? make("p", { class: "hint" }, "none: a tombstone") : highlighted(event ? JSON.stringify(event, null, 2) : record.value);
    const place = `partition ${record.partition}, offset ${record.offset}`;
    return make("li", { class: kindOf(type), "data-type": type },
      make("details", {},
        make("summary", { click: ({ currentTarget }) => { delete currentTarget.closest("li").dataset.auto; } },
          make("span", { class: "line" }, make("b", { class: "kind" }, type), make("span", { class: "place" }, place)),
          make("span", { class: "gist" }, ...gist(event))),
        make("div", { class: "parts" },
          make("div", {}, make("h3", {}, "Record"),
            table([["topic", record.topic], ["partition", String(record.partition)], ["offset", String(record.offset)], ["key", record.key ?? "none"]]),
            make("h3", {}, "Headers"), table(record.headers)),
          make("div", {}, make("h3", {}, time ? `Value, of ${time}` : "Value"), value))));
  };

  // The newest is open, until another arrives or somebody closes it.
  const add = (record, fresh) => {
    const list = byId("records");
    const item = recordItem(record);
    if (fresh) item.classList.add("fresh");
    const open = list.querySelector("[data-auto]");
    if (open) {
      open.querySelector("details").open = false;
      delete open.dataset.auto;
    }
    item.dataset.auto = "yes";
    item.querySelector("details").open = true;
    list.prepend(item);
    while (list.children.length > MOST_RECORDS) list.lastChild.remove();
    byId("seen").textContent = list.children.length;
    byId("no-records").hidden = true;
    if (fresh) say(`${item.dataset.type} has arrived`);
  };

  // The outbox and the brokers.

  const waitingItem = ({ event_type, key }) => make("li", { class: kindOf(event_type) },
    make("b", { class: "kind" }, event_type), make("span", { class: "hint" }, "waits"), make("span", { class: "place" }, `key ${key}`));

  const showStatus = (status) => {
    const { count, events } = status.outbox;
    const many = count >= 1000 ? "1000+" : String(count);
    if (byId("waiting").textContent !== many && count > 0 && !status.up) say(count === 1 ? "1 event waits" : `${many} events wait`);
    byId("waiting").textContent = many;
    byId("waiting-word").textContent = count === 1 ? "event waits" : "events wait";
    byId("outbox").classList.toggle("waits", count > 0);
    byId("outbox-hint").textContent = status.blocked_keys > 0 ? `${status.blocked_keys} keys are blocked` : count === 0 ? "all sent" : status.up ? "being sent" : "until Kafka is back";
    byId("kafka").classList.toggle("down", !status.up);
    byId("brokers").textContent = status.up ? "up" : "away";
    byId("kafka-hint").textContent = status.embedded ? (status.up ? "3 brokers, embedded" : "nothing is lost meanwhile") : status.reason ?? "real brokers";
    const button = byId("switch");
    button.hidden = !status.embedded;
    button.setAttribute("aria-checked", String(status.up));
    const queue = byId("queue");
    queue.hidden = count === 0;
    queue.replaceChildren(...events.map(waitingItem).reverse());
  };

  byId("switch").addEventListener("click", async ({ currentTarget }) => {
    const up = currentTarget.getAttribute("aria-checked") !== "true";
    try {
      await call("PUT", "/brokers", { up });
      currentTarget.setAttribute("aria-checked", String(up));
      say(up ? "Kafka is back" : "Kafka is away");
    } catch (error) {
      byId("kafka-hint").textContent = error.message;
    }
  });

  // The browser connects again by itself, and gets the last records first.
  const live = new EventSource("/live");
  live.addEventListener("open", () => { byId("connection").textContent = "reads as they arrive"; refresh(); });
  live.addEventListener("error", () => { byId("connection").textContent = "the service does not answer; trying again"; });
  live.addEventListener("history", ({ data }) => {
    byId("records").replaceChildren();
    JSON.parse(data).forEach((record) => add(record, false));
  });
  live.addEventListener("record", ({ data }) => { add(JSON.parse(data), true); refreshSoon(); });
  live.addEventListener("state", ({ data }) => showStatus(JSON.parse(data)));
  suggest();
  refresh();
})();
