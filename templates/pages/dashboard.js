// Draws the charts and tables of a run from the data that stands beside the page. Everything of the data is text, never markup.
"use strict";

(function () {
  const data = window.REVIEWGEN;
  const text = DataTable.render.text().display;
  const score = { defaultContent: "", className: "dt-right", type: "num" };

  function link(label, address) {
    return address ? '<a href="' + text(address) + '">' + text(label) + "</a>" : text(label);
  }

  // Numbers that are missing sort behind all others and are shown as nothing.
  function number(value, kind) {
    if (kind === "display") return value === null ? "" : text(String(value));
    return value === null ? -1 : value;
  }

  function table(id, rows, columns, order) {
    return new DataTable(id, {
      data: rows,
      columns: columns,
      order: order,
      pageLength: 25,
      deferRender: true,
      searchDelay: 200,
      autoWidth: false,
      stateSave: true,
      stateDuration: -1, // as long as the tab is open: whoever comes back from a sample finds the same rows
      language: { search: "Search", lengthMenu: "_MENU_ rows a page" },
    });
  }

  function samples() {
    const columns = [
      { title: "Sample", data: 0, render: (id, kind, row) => (kind === "display" ? link(id, row[1]) : id) },
      { title: "Class", data: 2, render: text },
      Object.assign({ title: "Before", data: 3, render: number }, score),
      Object.assign({ title: "After", data: 4, render: number }, score),
      Object.assign({ title: "Learning", data: 5, render: number }, score),
      Object.assign({ title: "Blockers", data: 6 }, score),
      Object.assign({ title: "Critical", data: 7 }, score),
      Object.assign({ title: "Warnings", data: 8 }, score),
      { title: "First issue", data: 9, className: "title", render: (titles, kind) => (kind === "display" ? text(titles[0] || "") : titles.join(" ")) },
    ];
    const shown = table("#table", data.samples, columns, [[0, "asc"]]);
    const form = document.getElementById("filters");
    const fields = ["class", "category", "status", "rule", "score"].map((name) => [name, document.getElementById("filter-" + name)]);
    const counts = { blocker: 6, critical: 7, warning: 8 };
    const fits = {
      class: (row, wanted) => row[2] === wanted,
      category: (row, wanted) => row[counts[wanted]] > 0,
      status: (row, wanted) => row[11].includes(wanted),
      rule: (row, wanted) => row[10].includes(wanted),
      score: (row, wanted) => row[5] !== null && row[5] >= Number(wanted),
    };

    function apply() {
      const wanted = fields.filter(([, field]) => field.value !== "").map(([name, field]) => [name, field.value]);
      shown.search.fixed("filters", wanted.length ? (_, row) => wanted.every(([name, value]) => fits[name](row, value)) : null);
      shown.draw();
      remember("filters", wanted);
    }

    for (const [name, value] of remembered("filters") || []) document.getElementById("filter-" + name).value = value;
    form.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => {
      shown.search("");
      setTimeout(apply);
    });
    apply();
  }

  // Where a browser keeps nothing for pages from disk, the filters are empty again; nothing else is lost.
  function remember(name, value) {
    try {
      sessionStorage.setItem("reviewgen-" + location.pathname + name, JSON.stringify(value));
    } catch (error) {
      return;
    }
  }

  function remembered(name) {
    try {
      return JSON.parse(sessionStorage.getItem("reviewgen-" + location.pathname + name));
    } catch (error) {
      return null;
    }
  }

  function comparison() {
    const sample = { title: "Sample", data: 0, render: (id, kind, row) => (kind === "display" ? link(id, row[1]) : id) };
    const plain = (title, at) => ({ title: title, data: at, render: text });
    const kinds = { title: "What", data: 2, render: (kind, use, row) => (use === "display" && row[6] ? '<span class="worse">' + text(kind) + "</span>" : text(kind)) };
    table("#table-changes", data.changes, [sample, kinds, plain("Issue", 3), plain("Before", 4), plain("After", 5)], [[0, "asc"]]);
    const moved = (title, at) => Object.assign({ title: title, data: at, render: number }, score);
    table("#table-movements", data.movements, [sample, plain("Score", 2), moved("Before", 3), moved("After", 4)], [[0, "asc"]]);
  }

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  const drawn = [];

  function charts() {
    for (const chart of drawn.splice(0)) chart.destroy();
    const colours = { 1: ["--link"], 3: ["--soft", "--link", "--good"], 4: ["--good", "--warning", "--critical", "--blocker"] };
    Chart.defaults.color = colour("--ink");
    Chart.defaults.borderColor = colour("--line");
    Chart.defaults.animation = false;
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    for (const chart of data.charts) {
      const palette = colours[chart.series.length] || colours[3];
      drawn.push(
        new Chart(document.getElementById("chart-" + chart.id), {
          type: "bar",
          data: {
            labels: chart.labels.map((label) => (label.length > 80 ? label.slice(0, 79) + "…" : label)),
            datasets: chart.series.map((one, at) => ({ label: one.name, data: one.numbers, backgroundColor: colour(palette[at % palette.length]) })),
          },
          options: {
            indexAxis: chart.across ? "y" : "x",
            maintainAspectRatio: false,
            scales: {
              x: { stacked: chart.stacked, ticks: { precision: 0 } },
              y: { stacked: chart.stacked, beginAtZero: true, ticks: { precision: 0, autoSkip: false } },
            },
            plugins: { legend: { display: chart.series.length > 1 } },
          },
        }),
      );
    }
  }

  if (data.samples) {
    samples();
    charts();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", charts);
  } else {
    comparison();
  }
})();
