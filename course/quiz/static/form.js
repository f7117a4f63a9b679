// The browser's side of the form: fields, and two buttons that hand what was written to the kernel.

function render({ model, el }) {
  const id = `course-form-${++pages}-${Date.now()}`;
  const { strings, max } = model.get("page");
  const notice = element("div", { class: "course-notice", role: "alert" });
  const thanks = {
    opinion: element("p", { class: "course-result", role: "status", "aria-live": "polite" }),
    problem: element("p", { class: "course-result", role: "status", "aria-live": "polite" }),
  };
  const area = (name, label) => {
    const field = element("textarea", { id: `${id}-${name}`, maxlength: max, rows: 3 });
    return { field, row: element("div", {}, element("label", { for: `${id}-${name}` }, label), field) };
  };
  const choices = ["yes", "mostly", "no"].map((value) => element("input", { type: "radio", name: `${id}-clear`, value }));
  const clear = element("fieldset", {}, element("legend", {}, strings.title),
    ...choices.map((input) => element("label", { class: "course-option" }, input, strings[input.value])));
  const unclear = area("unclear", strings.unclear);
  const improve = area("improve", strings.improve);
  const happened = area("happened", strings.happened);

  let patience = null;
  const send = (kind, message) => {
    clearTimeout(patience);
    thanks[kind].textContent = strings.waiting;
    patience = setTimeout(() => { thanks[kind].textContent = strings.no_reply; }, PATIENCE_MS);
    model.send({ kind, ...message });
  };
  const button = (words, onclick) => element("button", { type: "button", onclick }, words);
  const opinion = button(strings.send, () => send("opinion", {
    clear: choices.find((input) => input.checked)?.value || "",
    unclear: unclear.field.value,
    improve: improve.field.value,
  }));
  const problem = button(strings.report, () => send("problem", { happened: happened.field.value }));

  const root = element("section", {
    class: "course-quiz course-form", "aria-label": strings.title,
  }, notice, clear, unclear.row, improve.row, opinion, thanks.opinion,
    element("details", {}, element("summary", {}, strings.wrong), happened.row,
      element("p", { class: "course-hint" }, strings.noted), problem, thanks.problem));

  const show = () => {
    notice.textContent = model.get("notice");
    for (const kind of ["opinion", "problem"]) thanks[kind].textContent = model.get("sent")[kind] || "";
  };
  const answered = ({ kind, stored }) => {
    clearTimeout(patience);
    show();
    if (!stored) return;
    const fields = kind === "opinion" ? [unclear.field, improve.field] : [happened.field];
    for (const field of fields) field.value = "";
    if (kind === "opinion") for (const input of choices) input.checked = false;
  };
  show();
  model.on("change:notice change:sent", show);
  model.on("msg:custom", answered);
  const letKeysIn = keepKeysOut(root);
  el.append(root);
  return () => {
    letKeysIn();
    clearTimeout(patience);
    model.off("change:notice change:sent", show);
    model.off("msg:custom", answered);
  };
}

export default { render };
