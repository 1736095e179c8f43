// Search, copying, and the mark in the index. The page is complete without.
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const box = byId("page-query");

  // Each entity: its text without its events, and each event's own text.
  const text = (node) => node.textContent.toLowerCase();
  const sections = all(".entity").map((section) => {
    const details = all("details", section);
    const copy = section.cloneNode(true);
    all("details, .snippet", copy).forEach((event) => event.remove());
    return { section, own: text(copy), details: details.map((event) => ({ event, text: text(event) })) };
  });
  const total = sections.reduce((sum, { details }) => sum + details.length, 0);
  // The entries of both indexes, by what they lead to.
  const entries = all(".side li a, .topic li a").map((link) => ({ item: link.parentNode, to: link.hash.slice(1) }));

  const search = () => {
    const words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => words.every((word) => text.includes(word));
    const found = new Set();
    const entities = new Set();
    for (const { section, own, details } of sections) {
      const whole = has(own);
      for (const { event, text } of details) {
        const match = whole || has(`${own} ${text}`);
        event.hidden = !match;
        if (match) found.add(event.dataset.event);
      }
      const shown = whole || details.some(({ event }) => !event.hidden);
      section.hidden = !shown;
      if (shown) entities.add(section.id);
    }
    for (const { item, to } of entries) item.hidden = words.length > 0 && !found.has(to) && !entities.has(to);
    for (const entry of all("[data-entity]")) entry.hidden = !entities.has(entry.dataset.entity);
    for (const topic of all(".topic")) topic.hidden = all("[data-entity]:not([hidden])", topic).length === 0;
    const overview = document.querySelector(".overview");
    if (overview) overview.hidden = entities.size === 0;
    const common = byId("page-envelope");
    if (common) common.hidden = words.length > 0 && !has(text(common));
    byId("page-nothing").hidden = entities.size > 0 || words.length === 0 || (common && !common.hidden);
    byId("page-found").textContent = words.length ? `${found.size} of ${total}` : "";
  };

  byId("page-search").hidden = false;
  box.addEventListener("input", search);
  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey) return;
    if (key.key === "/" && !key.target.closest("input, textarea, select, [contenteditable]")) {
      key.preventDefault();
      box.focus();
      box.select();
    }
    if (key.key === "Escape" && key.target === box) {
      box.value = "";
      search();
    }
    if (key.key === "Enter" && key.target === box) {
      const first = document.querySelector(".entity:not([hidden])");
      if (first) location.hash = first.id;
    }
  });
  if (box.value) search();

  // A link to an event opens it, in browsers that do not do so themselves.
  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    const details = target && target.closest("details");
    if (details && !details.open) {
      details.open = true;
      target.scrollIntoView();
    }
  };
  addEventListener("hashchange", reveal);
  reveal();

  // Without a secure connection there is no clipboard.
  if (navigator.clipboard) {
    for (const code of all("figure > pre")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
        setTimeout(() => (button.textContent = "Copy"), 1500);
      });
      code.before(button);
    }
  }

  // The entity in view is marked in the index.
  const links = new Map(all(".side [data-entity] > a").map((link) => [link.getAttribute("href").slice(1), link]));
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const link = links.get(target.id);
        if (!link) continue;
        if (isIntersecting) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-20% 0px -75% 0px" },
  );
  sections.forEach(({ section }) => seen.observe(section));
})();
