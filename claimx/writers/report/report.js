"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const KINDS = ["direct", "mixed", "indirect"];
  const STEP = 200; // rows of a table that are shown at once
  const many = document.body.dataset.many === "yes";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const index = JSON.parse($("#index").textContent);
  const card = $("#card"), search = $("#q"), status = $(".status");
  const fold = (text) => {
    const lower = text.toLowerCase();
    return /^[\x00-\x7f]*$/.test(lower) ? lower : lower.normalize("NFD").replace(/\p{M}/gu, "");
  };
  const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  // What is looked for, everywhere the same: words, kinds, and a speaker of the article or of the index.
  let words = [], kinds = new Set(KINDS), chosen = null, entry = null;

  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const matches = (haystack) => words.every((word) => haystack.includes(word));

  // ---- one article -------------------------------------------------------------------------------------------------
  let article = null; // {root, claims, parts}

  const open = (root) => {
    const claims = JSON.parse($(".claims", root).textContent);
    const parts = new Map(claims.map((claim) => [claim.id, []]));
    for (const node of $$("[data-c]", root)) for (const id of node.dataset.c.split(" ")) parts.get(id).push(node);
    for (const claim of claims) {
      const content = parts.get(claim.id).filter((node) => node.classList.contains("c"));
      claim.first = content[0] || parts.get(claim.id)[0];
      claim.haystack = fold([claim.text, claim.sorts, claim.name, claim.posts, claim.cue, claim.source].join("\n"));
    }
    article = { root, claims, parts };
    chosen = null;
    filterArticle();
  };

  const visible = () => article.claims.filter((claim) => claim.visible);

  const filterArticle = () => {
    if (!article) return;
    for (const claim of article.claims)
      claim.visible = kinds.has(claim.kind) && (chosen === null || claim.speaker === chosen) && matches(claim.haystack);
    const shown = new Set(visible().map((claim) => claim.id));
    for (const node of $$("[data-c]", article.root)) {
      const on = node.dataset.c.split(" ").some((id) => shown.has(id));
      node.classList.toggle("off", !on);
      if (node.hasAttribute("tabindex")) node.tabIndex = on ? 0 : -1;
    }
    for (const button of $$(".speakers button", article.root))
      button.setAttribute("aria-pressed", String(button.dataset.s === chosen));
    if (!$("#view-article").hidden) tell(shown.size, article.claims.length, "claim");
  };

  const tell = (shown, total, what) => {
    status.textContent = `${shown === total ? "" : `${shown.toLocaleString("en")} of `}${total.toLocaleString("en")} ${what}${total === 1 ? "" : "s"}`;
  };

  const show = (claim, node) => {
    hide();
    for (const part of article.parts.get(claim.id)) part.classList.add("on");
    card.replaceChildren(element("p"));
    card.firstChild.append(element("b", claim.name || "Speaker not known"));
    if (claim.doubt) card.firstChild.append(` ${claim.doubt}`);
    if (claim.sort) card.firstChild.append(` · ${claim.sort}`);
    if (claim.posts) card.append(element("p", claim.posts));
    const said = [claim.source && `source “${claim.source}”`, claim.cue && `cue “${claim.cue}”`].filter(Boolean);
    if (said.length) card.append(element("p", said.join(", "), { class: "said" }));
    if (claim.evidence) card.append(element("p", `found by ${claim.evidence}`, { class: "said" }));
    card.append(element("p", `${claim.sorts} · confidence ${claim.confidence}`));
    card.hidden = false;
    const box = node.getBoundingClientRect();
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - card.offsetWidth - 8));
    const below = box.bottom + card.offsetHeight + 16 < innerHeight || box.top < card.offsetHeight + 70;
    card.style.left = `${left + scrollX}px`;
    card.style.top = `${(below ? box.bottom + 8 : box.top - card.offsetHeight - 8) + scrollY}px`;
    node.setAttribute("aria-describedby", "card");
  };

  const hide = () => {
    card.hidden = true;
    for (const node of $$(".on")) node.classList.remove("on");
    for (const node of $$('[aria-describedby="card"]')) node.removeAttribute("aria-describedby");
  };

  const claimAt = (node) => {
    const part = node.closest && node.closest("[data-c]:not(.off)");
    if (!part || !article) return null;
    const ids = part.dataset.c.split(" ");
    const claim = article.claims.find((one) => one.visible && one.id === ids[ids.length - 1]) ||
      article.claims.find((one) => one.visible && ids.includes(one.id));
    return claim ? [claim, part] : null;
  };

  const jump = (claim) => {
    claim.first.focus({ preventScroll: true });
    claim.first.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    show(claim, claim.first);
  };

  const step = (by) => {
    const claims = visible();
    if (!claims.length) return;
    const at = claims.findIndex((claim) => claim.first === document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : claims.length - 1) : (at + by + claims.length) % claims.length;
    jump(claims[next]);
  };

  document.addEventListener("pointerover", (event) => {
    if (card.contains(event.target)) return;
    const found = claimAt(event.target);
    if (found) show(...found);
    else if (!document.activeElement || !claimAt(document.activeElement)) hide();
  });
  document.addEventListener("focusin", (event) => {
    const found = claimAt(event.target);
    if (found) show(...found);
    else hide();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest(".speakers button");
    if (!button) return;
    chosen = chosen === button.dataset.s ? null : button.dataset.s;
    filterArticle();
  });

  // ---- tables over all articles ------------------------------------------------------------------------------------
  const nameOf = (row) => (row[2] < 0 ? row[8] : index.speakers[row[2]][0]);
  const cell = (text) => element("td", text);
  const confidence = (value) => Math.min(value, 0.99).toFixed(2);
  const linked = (text, href) => {
    const td = element("td");
    td.append(element("a", text, { href }));
    return td;
  };
  // title, what it is sorted by, its cell, its class
  const TABLES = {
    claims: {
      what: "claim",
      rows: index.claims,
      text: (row) => [row[6], nameOf(row), row[2] < 0 ? "" : index.speakers[row[2]][2], row[5], row[9] ? "negated" : "", titleOf(row[0])].join("\n"),
      keep: (row) => kinds.has(KINDS[row[3]]) && (entry === null || row[2] === entry),
      sort: null, // as in the articles
      columns: [
        ["Speaker", (row) => nameOf(row) || "\uffff", (row) => speakerCell(row)],
        ["Cue", (row) => row[5], (row) => cell(row[5]), "wide"],
        ["Claim", (row) => row[6], (row) => claimCell(row), "said"],
        ["Kind", (row) => row[3], (row) => cell(KINDS[row[3]]), "tight"],
        ["Type", (row) => index.types[row[4]], (row) => cell(index.types[row[4]]), "tight wide"],
        ["Conf.", (row) => row[7], (row) => cell(confidence(row[7])), "num"],
        ...(many ? [["Article", (row) => titleOf(row[0]), (row) => linked(titleOf(row[0]), `#a${row[0]}`)]] : []),
      ],
    },
    speakers: {
      what: "speaker",
      rows: index.speakers,
      text: (row) => [row[0], row[2]].join("\n"),
      keep: (row) => KINDS.some((kind, i) => kinds.has(kind) && row[3 + i]),
      sort: [3, -1],
      columns: [
        ["Speaker", (row) => row[0], (row) => chooser(row)],
        ["Kind", (row) => row[1], (row) => cell(row[1]), "tight wide"],
        ["Affiliations", (row) => row[2] || "\uffff", (row) => cell(row[2])],
        ["Claims", (row) => row[3] + row[4] + row[5], (row) => cell(row[3] + row[4] + row[5]), "num"],
        ...KINDS.map((kind, i) => [kind[0].toUpperCase() + kind.slice(1), (row) => row[3 + i], (row) => cell(row[3 + i]), "num wide"]),
        ["Articles", (row) => row[6], (row) => cell(row[6]), "num"],
      ],
    },
    articles: {
      what: "article",
      rows: index.articles,
      text: (row) => [row[0], row[1]].join("\n"),
      keep: () => true,
      sort: [0, 1],
      columns: [
        ["Article", (row) => row[1] || row[0], (row) => linked(row[1] || row[0], `#a${row[4]}`)],
        ["Id", (row) => row[0], (row) => cell(row[0]), "wide"],
        ["Claims", (row) => row[2], (row) => cell(row[2]), "num"],
        ["Speakers", (row) => row[3], (row) => cell(row[3]), "num"],
      ],
    },
  };
  const titleOf = (number) => index.articles[number][1] || index.articles[number][0];
  const claimCell = (row) => {
    const td = linked(row[6], `#a${row[0]}-c${row[1]}`);
    if (row[9]) td.prepend(element("span", "negated", { class: "tag" }), " ");
    return td;
  };
  const speakerCell = (row) => {
    const td = cell(nameOf(row) || "—");
    if (row[10]) td.append(" ", element("span", row[10], { class: "doubt", title: "how certain the speaker is" }));
    if (row[2] >= 0 && index.speakers[row[2]][2]) td.append(element("span", index.speakers[row[2]][2], { class: "posts" }));
    return td;
  };
  const chooser = (row) => {
    const td = element("td");
    const button = element("button", row[0], { type: "button", title: "Show this speaker’s claims" });
    button.addEventListener("click", () => {
      entry = index.speakers.indexOf(row);
      location.hash = "claims";
    });
    td.append(button);
    return td;
  };

  const draw = (name) => {
    const table = TABLES[name], section = $(`#view-${name}`);
    table.haystacks ??= words.length ? table.rows.map((row) => fold(table.text(row))) : null;
    let found = [];
    table.rows.forEach((row, i) => {
      if (table.keep(row) && (!words.length || matches(table.haystacks[i]))) found.push(row);
    });
    if (table.sort) {
      const [by, direction] = table.sort;
      const key = table.columns[by][1];
      const keyed = found.map((row) => [key(row), row]);
      const numbers = keyed.length && typeof keyed[0][0] === "number";
      keyed.sort((a, b) => direction * (numbers ? a[0] - b[0] : collator.compare(a[0], b[0])));
      found = keyed.map((pair) => pair[1]);
    }
    const body = element("tbody");
    const head = element("tr");
    table.columns.forEach(([title], i) => {
      const [by, direction] = table.sort || [-1, 0];
      const look = table.columns[i][3] || "";
      const th = element("th", undefined, { scope: "col", class: look });
      const button = element("button", title, { type: "button" });
      if (i === by) th.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      button.addEventListener("click", () => {
        table.sort = [i, i === by ? -direction : look.startsWith("num") ? -1 : 1]; // numbers from the largest
        draw(name);
        $$("th button", section)[i].focus();
      });
      th.append(button);
      head.append(th);
    });
    const whole = element("table");
    whole.append(element("caption", `${found.length.toLocaleString("en")} ${table.what}${found.length === 1 ? "" : "s"}`));
    whole.append(element("thead"), body);
    whole.tHead.append(head);
    section.replaceChildren();
    if (name === "claims" && entry !== null) {
      const chip = element("button", `${index.speakers[entry][0]} ×`, { type: "button", class: "chip", "aria-label": `Show all speakers, not only ${index.speakers[entry][0]}` });
      chip.addEventListener("click", () => {
        entry = null;
        draw(name);
      });
      section.append(chip);
    }
    section.append(whole);
    let shown = 0;
    const more = element("button", "", { type: "button", class: "more" });
    const extend = () => {
      const rows = document.createDocumentFragment();
      for (const row of found.slice(shown, shown + STEP)) {
        const tr = element("tr");
        for (const [, , made, look] of table.columns) {
          const td = made(row);
          if (look) td.className = look;
          tr.append(td);
        }
        rows.append(tr);
      }
      body.append(rows);
      shown = Math.min(found.length, shown + STEP);
      more.textContent = `Show ${Math.min(STEP, found.length - shown)} more of ${(found.length - shown).toLocaleString("en")}`;
      more.hidden = shown >= found.length;
    };
    more.addEventListener("click", extend);
    extend();
    section.append(more);
    tell(found.length, table.rows.length, table.what);
  };

  // ---- where we are ------------------------------------------------------------------------------------------------
  let view = "";
  const VIEWS = ["claims", "speakers", "articles", "article"];
  const route = () => {
    hide();
    const [, number, claim] = /^#a(\d+)(?:-c(\d+))?$/.exec(location.hash) || [];
    const named = location.hash.slice(1);
    if (named === "main") return;
    view = number !== undefined ? "article" : VIEWS.includes(named) && !(many && named === "article") ? named : many ? "claims" : "article";
    for (const name of VIEWS) $(`#view-${name}`).hidden = name !== view;
    for (const link of $$("nav a"))
      link.hash === `#${view}` ? link.setAttribute("aria-current", "page") : link.removeAttribute("aria-current");
    if (view !== "article") return draw(view);
    const section = $("#view-article");
    if (many && number !== undefined && (!article || article.root.dataset.a !== number)) {
      const source = $(`#source-${number}`);
      if (!source) return;
      section.innerHTML = source.textContent; // made and escaped when the report was written
      open($("article", section));
    } else if (!article) open($("article", section));
    filterArticle();
    if (claim !== undefined) {
      const found = article.claims[claim - 1];
      if (found) jump(found);
    } else scrollTo(0, 0);
  };
  const refresh = () => (view === "article" ? filterArticle() : draw(view));

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      words = fold(search.value).split(/\s+/).filter(Boolean);
      refresh();
    }, 60);
  });
  search.form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (view === "article") step(1);
  });
  for (const box of $$(".kinds input"))
    box.addEventListener("change", () => {
      kinds = new Set($$(".kinds input:checked").map((one) => one.value));
      refresh();
    });
  $("#theme").addEventListener("click", () => {
    const dark = document.documentElement.dataset.theme
      ? document.documentElement.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    document.documentElement.dataset.theme = dark ? "light" : "dark";
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target === search;
    if (event.key === "Escape") {
      if (!card.hidden) hide();
      else {
        search.value = "";
        words = [];
        chosen = entry = null;
        refresh();
      }
    } else if (typing) return;
    else if (event.key === "/") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (view === "article" && (event.key === "j" || event.key === "k")) step(event.key === "j" ? 1 : -1);
  });
  addEventListener("resize", hide);
  addEventListener("hashchange", route);
  route();
})();
