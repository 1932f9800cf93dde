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
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details")) part.open = true;
});
