// Small help on top of pages that work without it: shortcuts, focus, and one submit at a time.
(() => {
  "use strict";

  const visible = (element) => element.checkVisibility() && !element.disabled;
  const first = (selector, root = document) =>
    [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)].find(visible);
  const on = (name, act, early = false) => document.addEventListener(name, act, early);
  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  const isTyping = (element) => element.matches("input, select, textarea, [contenteditable]");

  // Keyboard: Ctrl+S saves, Esc closes an open menu. / goes to the search in the head; where articles are added, first to
  // theirs, and from there (while it is empty) to the one in the head.
  let left;
  on("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
      const save = first("[data-shortcut=save]");
      if (!save) return;
      event.preventDefault();
      save.click();
    } else if (event.key === "/" && !event.ctrlKey && !event.metaKey) {
      const own = document.getElementById("hits") && first("main [data-search]");
      const isThere = own && event.target === own && !own.value;
      const search = (!isThere && own) || first("#find");
      if (!search || (isTyping(event.target) && !isThere)) return;
      event.preventDefault();
      left = event.target;
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      openMenus().forEach((menu) => {
        menu.open = false;
        if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      });
    }
  });
  on("click", (event) => openMenus().forEach((menu) => (menu.open = menu.contains(event.target))));

  // A box with hits (combobox): arrows choose, Enter opens, Esc closes and, pressed again, gives the focus back.
  const panel = (box) => box.closest(".combo").querySelector(".hits");
  const choose = (box, option) => {
    panel(box).querySelectorAll("[role=option]").forEach((one) => one.setAttribute("aria-selected", one === option));
    box.setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  };
  const open = (box, isOpen) => {
    panel(box).hidden = !isOpen;
    box.setAttribute("aria-expanded", isOpen && Boolean(panel(box).querySelector("[role=listbox]")));
    choose(box);
  };
  on("keydown", (event) => {
    const box = event.target;
    if (box.role !== "combobox") return;
    const options = panel(box).hidden ? [] : [...panel(box).querySelectorAll("[role=option]")];
    const at = options.findIndex((option) => option.ariaSelected === "true");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) choose(box, options.at(at < 0 && step < 0 ? -1 : (at + step) % options.length));
    else if (step === 1) box.dispatchEvent(new Event("choose"));
    else if (event.key === "Enter" && options[at]) options[at].click();
    else if (event.key === "Escape" && !panel(box).hidden) open(box, false);
    else if (event.key === "Escape" && box.id === "find" && left?.isConnected) {
      box.blur();
      left.focus();
    } else return;
    event.preventDefault();
  });
  on("click", (event) => {
    const pressed = event.target.closest("[data-choose], [data-code]");
    const box = pressed?.closest(".combo").querySelector("[role=combobox]");
    box?.focus();
    if (!pressed) return;
    if (!("code" in pressed.dataset)) return box.dispatchEvent(new Event("choose"));
    box.value = pressed.dataset.code;
    open(box, false);
    box.parentElement.querySelector("[name=verify]")?.click();
  });
  on("focusin", (event) => document.querySelectorAll(".combo").forEach((combo) => {
    if (!combo.contains(event.target)) open(combo.querySelector("[role=combobox]"), false);
  }));
  on("htmx:afterSettle", (event) => {
    const box = event.target.matches(".hits") && event.target.closest(".combo").querySelector("[role=combobox]");
    if (box) open(box, box === document.activeElement);
  });

  // One submit at a time: a form that is on its way does not start again until it is answered.
  const busy = new Map();
  const start = (form, button) => {
    busy.set(form, button);
    button?.setAttribute("aria-disabled", "true");
  };
  const finish = (form) => {
    busy.get(form)?.removeAttribute("aria-disabled");
    busy.delete(form);
  };
  on("submit", (event) => {
    if (!busy.has(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  on("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post") return;
    start(event.target, event.submitter);
    // An answer that never comes must not lock the page: the server's own key makes a second try harmless.
    setTimeout(() => finish(event.target), 10000);
  });
  on("htmx:beforeRequest", (event) => {
    if (event.detail.elt.matches("form")) start(event.detail.elt, event.detail.requestConfig.triggeringEvent?.submitter);
  });
  on("htmx:afterRequest", (event) => finish(event.detail.elt));
  window.addEventListener("pageshow", () => [...busy.keys()].forEach(finish));
  // A search that waited for the last key must not abort what Enter has sent in the meantime.
  on("htmx:confirm", (event) => {
    if (event.target.matches("[data-search]") && busy.has(event.target.form)) event.preventDefault();
  });

  // What nobody pressed (polling, a part that loads itself) does not count as work: the log-in may end meanwhile.
  on("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent) event.detail.headers["Sesam-Background"] = "1";
  });

  // What htmx could not show is said on top of the page, instead of nothing at all.
  const say = (text) => {
    const notice = document.createElement("div");
    notice.className = "notice bad";
    notice.setAttribute("role", "alert");
    notice.textContent = text;
    document.querySelector(".messages")?.replaceChildren(notice);
    notice.scrollIntoView({ block: "nearest" });
  };
  on("htmx:sendError", () => say("Servern svarar inte. Kontrollera nätet och försök igen."));
  on("htmx:responseError", () => say("Det gick inte. Ladda om sidan och försök igen."));

  // A code that is being typed no longer means what was found before.
  on("input", (event) => {
    document.getElementById(`${event.target.id}_found`)?.replaceChildren();
  });

  // Focus: to the first field with an error; otherwise to where the form says the work goes on.
  const focusError = (root) => {
    const field = first("[aria-invalid=true]", root);
    field?.focus();
    return Boolean(field);
  };
  on("htmx:afterSettle", (event) => {
    if (event.target.matches(".hits") || focusError(event.target)) return;
    const goal = event.detail.requestConfig?.elt.closest("[data-focus-after]")?.dataset.focusAfter;
    const next = (goal && first(goal)) || first("[autofocus]", event.target);
    next?.focus();
    if (goal) next?.select?.();
  });
  focusError(document);
})();
