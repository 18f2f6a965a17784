/* Counting: the field keeps the cursor after each code, and the camera types codes into it.

   data-camera           the card of the camera; data-decoder is the address of the decoder for browsers without one
   data-count            the form; each code is sent by it, as if typed

   Without script, or without a camera, a scanner or the keyboard does the same.
*/
"use strict";
(() => {
  const form = () => document.querySelector("[data-count]");
  const field = () => { const one = form(); return one && one.elements.code; };
  document.addEventListener("htmx:afterSwap", (event) => {
    const code = field();
    if (code && event.detail.target && event.detail.target.id === "counting") code.focus();
  });

  const card = document.querySelector("[data-camera]");
  if (!card || !navigator.mediaDevices || !navigator.mediaDevices.getUserMedia) return;
  card.hidden = false;
  const video = card.querySelector("video");
  const on = card.querySelector("[data-camera-on]");
  const off = card.querySelector("[data-camera-off]");
  const says = card.querySelector("[data-camera-says]");
  const PAUSE = 200; // milliseconds between two looks
  const AGAIN = 4000; // the same label is not read twice within
  let stream = null, last = "", lastAt = 0, timer = 0;

  function take(code) {
    const now = Date.now();
    if (!code || (code === last && now - lastAt < AGAIN)) return;
    const one = form();
    if (!one) { stop(); return; }
    last = code; lastAt = now;
    one.elements.code.value = code;
    one.elements.source.value = "CAMERA";
    if (navigator.vibrate) navigator.vibrate(60);
    one.requestSubmit();
  }

  async function ofBrowser() {
    if (!("BarcodeDetector" in window)) return null;
    const known = await window.BarcodeDetector.getSupportedFormats();
    if (!known.includes("qr_code")) return null;
    const detector = new window.BarcodeDetector({ formats: known.filter((name) => ["qr_code", "code_128", "data_matrix"].includes(name)) });
    return async () => { const found = await detector.detect(video); return found.length ? found[0].rawValue : ""; };
  }

  function loaded(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
  }

  async function ofOurs() {
    if (!window.ZXing) await loaded(card.dataset.decoder);
    const { BarcodeFormat, BinaryBitmap, DecodeHintType, HTMLCanvasElementLuminanceSource, HybridBinarizer, MultiFormatReader } = window.ZXing;
    const reader = new MultiFormatReader();
    reader.setHints(new Map([[DecodeHintType.POSSIBLE_FORMATS, [BarcodeFormat.QR_CODE, BarcodeFormat.CODE_128, BarcodeFormat.DATA_MATRIX]]]));
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    return async () => {
      if (!video.videoWidth) return "";
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      pen.drawImage(video, 0, 0);
      try {
        return reader.decode(new BinaryBitmap(new HybridBinarizer(new HTMLCanvasElementLuminanceSource(canvas)))).getText();
      } catch {
        return ""; // no label in this frame
      }
    };
  }

  async function start() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch (error) {
      says.textContent = error.name === "NotAllowedError" ? says.dataset.denied : says.dataset.none;
      return;
    }
    video.srcObject = stream;
    video.hidden = false; on.hidden = true; off.hidden = false;
    await video.play();
    const look = (await ofBrowser()) || (await ofOurs());
    says.textContent = says.dataset.ready;
    const round = async () => {
      if (!stream) return;
      take(await look());
      timer = setTimeout(round, PAUSE);
    };
    round();
  }

  function stop() {
    clearTimeout(timer);
    if (stream) stream.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = true; on.hidden = false; off.hidden = true;
    says.textContent = "";
  }

  on.addEventListener("click", start);
  off.addEventListener("click", stop);
  window.addEventListener("pagehide", stop);
})();
