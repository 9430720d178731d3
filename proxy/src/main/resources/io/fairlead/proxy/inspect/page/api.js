// Reading is all this page ever does.
async function get(path) {
  const answer = await fetch(path, {headers: {Accept: "application/json"}, cache: "no-store", credentials: "omit"});
  const body = await answer.json().catch(() => ({error: "The answer to " + path + " is not JSON"}));
  if (!answer.ok) throw new Error(body.error ?? path + ": status " + answer.status);
  return body;
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
