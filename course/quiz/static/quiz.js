// The browser's side of the quiz: draws what the kernel says and reports what was answered. It decides nothing,
// holds no key, and loads nothing. All HTML comes escaped and cleared from course/quiz/text.py.

// --- the kinds: each builds its inputs, and can show a response that was given before -------------------------------

function optionRow(type, option, name) {
  const input = element("input", { type, name, value: option.id });
  const mark = element("span", { class: "course-mark" });
  const text = element("span", { html: option.html });
  const row = element("label", { class: "course-option" }, input, text, mark);
  return { row, input, mark };
}

// What is said of an option is about whether it was chosen: one that was rightly left out is no right option.
function markRows(rows, strings, state) {
  const words = { right: `✔ ${strings.right}`, wrong: `✘ ${strings.wrong}`, left: `✔ ${strings.left_out}`, "": "" };
  for (const [id, { row, input, mark }] of rows) {
    const reply = (state.replies || []).find((one) => one.about === id);
    row.dataset.mark = !reply ? "" : !reply.right ? "wrong" : input.checked ? "right" : "left";
    mark.textContent = words[row.dataset.mark];
  }
}

function singleKind(question, strings, ids, send) {
  const rows = new Map(question.options.map((option) => [option.id, optionRow("radio", option, ids.name)]));
  const inputs = [...rows.values()].map((row) => row.input);
  for (const input of inputs) {
    input.addEventListener("change", () => send(input.value));
    input.addEventListener("keydown", (event) => {
      // Native arrow keys choose as they move, and choosing is answering here: so they only move, and Space answers.
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (step) {
        event.preventDefault();
        inputs[(inputs.indexOf(input) + step + inputs.length) % inputs.length].focus();
      } else if (event.key === "Enter") {
        event.preventDefault();
        input.click();
      }
    });
  }
  const body = element("div", {}, ...[...rows.values()].map((row) => row.row));
  const show = (state) => {
    for (const input of inputs) {
      input.checked = input.value === state.response;
      input.disabled = Boolean(state.locked);
    }
    markRows(rows, strings, state);
  };
  return { body, show, role: "radiogroup", hint: strings.choose_one, keys: true };
}

function multipleKind(question, strings, ids, send, say, changed) {
  const rows = new Map(question.options.map((option) => [option.id, optionRow("checkbox", option, ids.name)]));
  const inputs = [...rows.values()].map((row) => row.input);
  for (const input of inputs) {
    input.addEventListener("change", () => {
      markRows(rows, strings, {});
      changed();
    });
  }
  const check = element("button", {
    type: "button",
    onclick: () => {
      const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
      if (chosen.length) send(chosen.sort());
      else say(strings.nothing_chosen);
    },
  }, strings.check);
  const body = element("div", {}, ...[...rows.values()].map((row) => row.row), check);
  const show = (state) => {
    for (const input of inputs) {
      input.checked = (state.response || []).includes(input.value);
      input.disabled = Boolean(state.locked);
    }
    check.disabled = Boolean(state.locked);
    markRows(rows, strings, state);
  };
  return { body, show, role: "group", hint: strings.choose_any };
}

function numericKind(question, strings, ids, send, say, changed) {
  const input = element("input", {
    type: "text", inputmode: "decimal", id: ids.name, autocomplete: "off", maxlength: 40,
    onkeydown: (event) => {
      if (event.key === "Enter") send(input.value);
    },
    oninput: changed,
  });
  const check = element("button", { type: "button", onclick: () => send(input.value) }, strings.check);
  const label = element("label", { for: ids.name }, strings.number);
  const body = element("div", { class: "course-number" }, label, input, ...(question.unit ? [question.unit] : []), check);
  const show = (state) => {
    if (state.response != null) input.value = state.response;
    input.disabled = check.disabled = Boolean(state.locked);
  };
  return { body, show, role: "group", hint: "" };
}

function orderKind(question, strings, ids, send, say) {
  const list = element("ol", { class: "course-order" });
  const check = element("button", {
    type: "button",
    onclick: () => send([...list.children].map((item) => item.dataset.id)),
  }, strings.check);
  const items = new Map();
  const number = () => [...list.children].forEach((item, index) => {
    item.firstChild.textContent = `${index + 1}.`;
    const [up, down] = item.querySelectorAll("button");
    up.disabled = check.disabled || index === 0;
    down.disabled = check.disabled || index === list.children.length - 1;
  });
  const move = (item, step, pressed) => {
    const places = [...list.children];
    const place = places.indexOf(item) + step;
    if (step < 0) list.insertBefore(item, places[place]);
    else list.insertBefore(item, places[place].nextSibling);
    number();
    // a button at the end of its way is disabled: the focus goes to its sister, never to nowhere
    (pressed.disabled ? [...item.querySelectorAll("button")].find((button) => !button.disabled) : pressed).focus();
    say(`${item.dataset.words}: ${strings.place} ${place + 1}`);
  };
  for (const option of question.options) {
    const item = element("li", { "data-id": option.id, "data-words": option.words });
    const button = (step, sign, word) => element("button", {
      type: "button", "aria-label": `${word}: ${option.words}`, title: word,
      onclick: (event) => move(item, step, event.currentTarget),
    }, sign);
    item.append(element("span", { "aria-hidden": "true" }), element("span", { html: option.html }),
      button(-1, "↑", strings.up), button(1, "↓", strings.down));
    items.set(option.id, item);
    list.append(item);
  }
  number();
  const show = (state) => {
    check.disabled = Boolean(state.locked);
    for (const id of state.response || []) if (items.has(id)) list.append(items.get(id));
    number();
  };
  return { body: element("div", {}, list, check), show, role: "group", hint: strings.put_in_order };
}

const KINDS = { single: singleKind, multiple: multipleKind, numeric: numericKind, order: orderKind };

// --- one question: prompt, inputs, and the place where the result is said -------------------------------------------

function questionBlock(question, index, strings, page, model) {
  const ids = { name: `${page}-${question.id}`, prompt: `${page}-${question.id}-prompt`, hint: `${page}-${question.id}-hint` };
  const result = element("div", { class: "course-result", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  let patience = null;
  let answered = false; // whether what is said below is about what stands above
  const say = (text) => {
    clearTimeout(patience);
    answered = false;
    result.replaceChildren(element("div", {}, text));
  };
  const changed = () => {
    if (answered) say(strings.changed);
  };
  const send = (response) => {
    say(strings.waiting);
    patience = setTimeout(() => say(strings.no_reply), PATIENCE_MS);
    model.send({ question: question.id, response });
  };
  const kind = KINDS[question.kind](question, strings, ids, send, say, changed);
  kind.body.setAttribute("role", kind.role);
  kind.body.setAttribute("aria-labelledby", ids.prompt);
  if (kind.hint) kind.body.setAttribute("aria-describedby", ids.hint);
  const prompt = element("div", { class: "course-prompt", id: ids.prompt },
    element("span", {}, `${index}.`), element("div", { html: question.prompt }));
  const block = element("div", { class: "course-question", "data-question": question.id }, prompt);
  if (question.figure) block.append(element("div", { html: question.figure }));
  const hint = kind.hint ? [element("p", { class: `course-hint ${kind.keys ? "course-keys" : ""}`, id: ids.hint }, kind.hint)] : [];
  block.append(...(kind.keys ? [kind.body, ...hint] : [...hint, kind.body]), result);
  const show = (state) => {
    clearTimeout(patience);
    kind.show(state);
    answered = Boolean(state.status);
    result.replaceChildren(...(state.status ? [resultBox(state)] : []));
  };
  return { block, show, say };
}

// A part that is offered rather than asked is folded until somebody opens it, or has answered in it before.
function partBlock(part, begun) {
  const heading = element("h4", {}, part.title);
  if (part.folded) return element("details", { open: begun }, element("summary", {}, heading));
  return element("div", {}, ...(part.title ? [heading] : []));
}

function resultBox(state) {
  const sign = { right: "✔ ", partly: "◐ ", wrong: "✘ " }[state.status] || "";
  const box = element("div", { "data-status": state.status },
    element("p", { class: "course-verdict-word" }, `${sign}${state.result} ${state.left}`.trim()));
  for (const reply of state.replies) {
    box.append(element("div", { html: reply.html }));
    if (reply.reread) box.append(element("p", {}, rereadLink(reply.reread)));
  }
  return box;
}

function rereadLink(link) {
  return element("button", { type: "button", "data-heading": link.heading }, link.words);
}

// To a heading of this notebook or, in a tab of its own, of another one of the chapter; sections: heading -> file name.
// Where a front end keeps the text elsewhere, the words say what to find.
function goTo(heading, root, sections) {
  const wanted = heading.trim();
  const lesson = root.closest(".jp-Notebook") || document;
  const found = [...lesson.querySelectorAll("h1, h2, h3, h4")]
    .find((one) => !one.closest(".course-quiz") && one.textContent.replace(/¶\s*$/, "").trim() === wanted);
  if (!found) {
    const file = sections[wanted];
    if (file) window.open(`${file}#${encodeURIComponent(wanted.replaceAll(" ", "-"))}`, "_blank", "noopener");
    return;
  }
  found.setAttribute("tabindex", "-1");
  found.scrollIntoView({ block: "start" });
  found.focus({ preventScroll: true });
}

function render({ model, el }) {
  const page = `course-quiz-${++pages}-${Date.now()}`;
  const { title, parts, sections, strings } = model.get("page");
  const notice = element("div", { class: "course-notice", role: "alert" });
  const summary = element("div", { class: "course-summary" });
  const root = element("section", { class: "course-quiz", "aria-labelledby": `${page}-title` },
    // a quiz stands under a heading of the notebook, so its own is for screen readers only
    element("h3", { id: `${page}-title`, class: "course-unseen" }, title), notice);
  const blocks = new Map();
  let index = 0;
  for (const part of parts) {
    const group = partBlock(part, Boolean(part.questions.find((question) => model.get("states")[question.id]?.status)));
    for (const question of part.questions) {
      const one = questionBlock(question, ++index, strings, page, model);
      blocks.set(question.id, one);
      group.append(one.block);
    }
    root.append(group);
  }
  root.append(summary);
  root.addEventListener("click", (event) => {
    const link = event.target.closest("[data-heading]");
    if (link) goTo(link.dataset.heading, root, sections);
  });
  let shown = {};
  const showStates = () => {
    const states = model.get("states");
    for (const [id, one] of blocks) {
      const text = JSON.stringify(states[id] || {});
      if (shown[id] !== text) one.show(states[id] || {});
      shown[id] = text;
    }
  };
  const showRest = () => {
    notice.textContent = model.get("notice");
    summary.innerHTML = model.get("summary");
  };
  const refused = (message) => blocks.get(message.question)?.say(message.refused);
  showStates();
  showRest();
  model.on("change:states", showStates);
  model.on("change:notice change:summary", showRest);
  model.on("msg:custom", refused);
  const letKeysIn = keepKeysOut(root);
  el.append(root);
  return () => {
    letKeysIn();
    model.off("change:states", showStates);
    model.off("change:notice change:summary", showRest);
    model.off("msg:custom", refused);
  };
}

export default { render };
