// Everything can be read without this: it only narrows long tables to the rows that hold a word.
document.documentElement.classList.add("js");
for (const field of document.querySelectorAll("input.filter")) {
  const rows = document.querySelectorAll("#" + field.dataset.table + " tbody tr");
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of rows) {
      // A remark belongs to the row above it.
      const subject = row.classList.contains("remark") ? row.previousElementSibling : row;
      const text = subject.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  });
}
// The ledger: rows by verdict, evidence and words, claims by family; a claim without rows goes.
for (const form of document.querySelectorAll("form.facets")) {
  const claims = document.querySelectorAll("#" + form.dataset.list + " details.claim");
  const narrow = () => {
    const want = Object.fromEntries(new FormData(form));
    const words = want.words.toLowerCase().split(/\s+/);
    let shown = 0;
    for (const claim of claims) {
      const head = claim.querySelector("summary").textContent.toLowerCase();
      let rows = 0;
      for (const row of claim.querySelectorAll("table.rows tbody tr:not(.remark)")) {
        const text = head + " " + row.textContent.toLowerCase();
        row.hidden = !((!want.verdict || row.dataset.verdict === want.verdict) &&
          (!want.evidence || row.dataset.evidence === want.evidence) &&
          words.every((word) => text.includes(word)));
        const remark = row.nextElementSibling;
        if (remark && remark.classList.contains("remark")) remark.hidden = row.hidden;
        rows += row.hidden ? 0 : 1;
      }
      claim.hidden = rows === 0 || (want.family !== "" && claim.dataset.family !== want.family);
      shown += claim.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = shown + " of " + claims.length + " claims";
  };
  form.addEventListener("input", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  narrow();
}
// A link to a claim opens it.
const openTarget = () => {
  const target = location.hash && document.querySelector(CSS.escape ? "#" + CSS.escape(location.hash.slice(1)) : location.hash);
  if (target && target.tagName === "DETAILS") target.open = true;
};
addEventListener("hashchange", openTarget);
openTarget();
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});
