/* When the browser gives no key, allauth only writes to the console; here the page says so. */
"use strict";
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const fault = document.getElementById("passkey_fault");
  document.querySelector("main .card-body").append(fault);
  fault.hidden = false;
});
