// Reading is all this page ever does.
async function get(path) {
  const answer = await fetch(path, {cache: "no-store", credentials: "omit"});
  if (answer.ok) return answer.json();
  throw new Error((await answer.text()).trim() || path + ": status " + answer.status);
}

// Runs `work` now and again, one at a time, while the page is looked at and `wanted` says so.
function every(millis, wanted, work) {
  let running = false;
  const once = async () => {
    if (running || document.hidden || !wanted()) return;
    running = true;
    try {
      await work();
    } finally {
      running = false;
    }
  };
  setInterval(once, millis);
  document.addEventListener("visibilitychange", once);
  return once;
}

function failure(error) {
  return el("p.failure", {role: "alert"}, error.message);
}
