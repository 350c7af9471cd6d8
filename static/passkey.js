// Passkeys: the form appears where the browser knows them; its data stand in the page or come from the form's own address.
(function () {
  "use strict";
  const form = document.getElementById("passkey-form");
  const json = window.webauthnJSON;
  if (!form || !json || !json.supported()) return;
  if (/^[\d.]+$|:/.test(location.hostname)) return; // browsers make no passkeys for an address of numbers
  const kind = form.dataset.passkey;
  const data = document.getElementById("passkey-data");
  const failed = document.getElementById("passkey-failed");
  const missing = document.getElementById("passkey-missing");
  form.hidden = false;
  if (missing) missing.hidden = true;

  async function options() {
    if (data) return JSON.parse(data.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    return answer.json();
  }

  async function credential() {
    const given = await options();
    if (kind !== "add") return json.get(given.request_options);
    const wish = given.creation_options;
    Object.assign(wish.publicKey.authenticatorSelection, {
      residentKey: "required", requireResidentKey: true, userVerification: "required"
    });
    return json.create(wish);
  }

  form.addEventListener("submit", async function (event) {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.namedItem("credential").value = JSON.stringify(await credential());
      form.submit();
    } catch (error) {
      failed.hidden = false;
    }
  });
})();
