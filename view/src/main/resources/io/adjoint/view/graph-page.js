"use strict";
document.getElementById("walker").hidden = false;
adjointGraph.show(JSON.parse(document.getElementById("graphs").textContent)[0]);
