/* Allowing messages on this device: asks the browser, and hands its answer to the page's own form. */
(() => {
  "use strict";
  const part = document.getElementById("push");
  if (!part) return;
  const form = part.querySelector("form");
  const button = form.querySelector("button");
  const state = part.querySelector("[role=status]");
  const say = (name) => { state.textContent = part.dataset[name]; state.hidden = false; };

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  // The entry of this very browser in the list, if it is there: by a hash of where its messages go.
  const entryOf = async (subscription) => {
    const hash = hex(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint)));
    return document.querySelector(`[data-mark="${hash.slice(0, 16)}"]`);
  };

  const start = async () => {
    const worker = await navigator.serviceWorker.getRegistration("/");
    const subscription = worker && await worker.pushManager.getSubscription();
    const entry = subscription && await entryOf(subscription);
    if (!entry) { form.hidden = false; return; }
    entry.querySelector("b").append(` (${part.dataset.here})`);
    say("allowed");
  };

  const allow = async () => {
    if (await Notification.requestPermission() !== "granted") return say("blocked");
    const worker = await navigator.serviceWorker.register(part.dataset.worker, { scope: "/" });
    await navigator.serviceWorker.ready;
    const old = await worker.pushManager.getSubscription();
    if (old) await old.unsubscribe();
    const given = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
    const { endpoint, keys } = given.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
  };

  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window && window.crypto && crypto.subtle)) {
    say("missing");
  } else if (Notification.permission === "denied") {
    say("blocked");
  } else {
    start().catch(() => { form.hidden = false; });
    button.addEventListener("click", () => {
      button.disabled = true;
      allow().catch(() => say("failed")).finally(() => { button.disabled = false; });
    });
  }
})();
