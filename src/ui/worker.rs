//! The explorer's search, in a worker: a thread of the browser that the page talks to by messages.
//!
//! It works a slice at a time and looks for messages between slices, so that it hears at once when it is to
//! stop; and it says how far it has come several times a second. What it is told and what it answers are
//! [`Request`]s and [`Reply`]s as bytes; a text instead of bytes is about the program itself: [`READY`], or why
//! it cannot go on.

use crate::explore::job::{Reply, Request, Worker};
use js_sys::{Reflect, Uint8Array};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;

/// What it says when it can be asked.
pub const READY: &str = "ready";

/// How long it works before it listens again.
const SLICE_MS: f64 = 10.0;
/// How long one call of the search should take, so that a slice ends in time.
const CALL_MS: f64 = 2.0;
/// How often it says how far it has come. A slice later is still within the tenth of a second that is promised.
const REPORT_MS: f64 = 70.0;
/// The fewest and the most worlds in one call.
const PACE: (usize, usize) = (64, 65_536);

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = postMessage)]
    fn post(message: &JsValue);

    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;

    type MessageChannel;
    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;
    #[wasm_bindgen(method, getter)]
    fn port1(this: &MessageChannel) -> Port;
    #[wasm_bindgen(method, getter)]
    fn port2(this: &MessageChannel) -> Port;

    #[wasm_bindgen(js_name = MessagePort)]
    type Port;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &Port, call: &JsValue);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post(this: &Port, message: &JsValue);
}

struct Host {
    worker: RefCell<Worker>,
    /// A message to itself comes after whatever the page has sent in the meantime; a timer would be slower.
    again: Port,
    /// A slice is on its way.
    waiting: Cell<bool>,
    /// When it last said how far it has come.
    told: Cell<f64>,
    /// How many worlds a call takes on.
    pace: Cell<usize>,
}

/// Listens to the page for as long as the worker lives.
pub fn start() {
    std::panic::set_hook(Box::new(|info| post(&info.to_string().into())));
    let channel = MessageChannel::new();
    let host = Rc::new(Host {
        worker: RefCell::default(),
        again: channel.port2(),
        waiting: Cell::new(false),
        told: Cell::new(0.0),
        pace: Cell::new(PACE.0),
    });
    let slice = {
        let host = host.clone();
        Closure::<dyn Fn()>::new(move || host.slice())
    };
    channel.port1().set_onmessage(&slice.into_js_value());
    let hear = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| host.hear(&event));
    let set = Reflect::set(&js_sys::global(), &"onmessage".into(), &hear.into_js_value());
    debug_assert!(set.is_ok());
    post(&READY.into());
}

impl Host {
    fn hear(&self, event: &JsValue) {
        let data = Reflect::get(event, &"data".into()).unwrap_or_default();
        match postcard::from_bytes::<Request>(&Uint8Array::new(&data).to_vec()) {
            Ok(request) => {
                let reply = self.worker.borrow_mut().hear(request);
                self.say(reply);
                self.told.set(now());
                self.go_on();
            }
            Err(error) => post(&error.to_string().into()),
        }
    }

    fn say(&self, reply: Option<Reply>) {
        let Some(reply) = reply else { return };
        let bytes = postcard::to_allocvec(&reply).expect("plain data always serialises");
        post(&Uint8Array::from(&bytes[..]));
    }

    fn go_on(&self) {
        if !self.waiting.get() {
            self.waiting.set(true);
            self.again.post(&JsValue::NULL);
        }
    }

    fn slice(&self) {
        self.waiting.set(false);
        let mut worker = self.worker.borrow_mut();
        let start = now();
        let mut last = start;
        while worker.busy() && last - start < SLICE_MS {
            let reply = worker.work(self.pace.get());
            self.say(reply);
            let time = now();
            let pace = self.pace.get();
            let pace = if time - last < CALL_MS / 2.0 {
                pace * 2
            } else if time - last > CALL_MS {
                pace / 2
            } else {
                pace
            };
            self.pace.set(pace.clamp(PACE.0, PACE.1));
            last = time;
        }
        if worker.busy() {
            if last - self.told.get() >= REPORT_MS {
                self.told.set(last);
                self.say(worker.report());
            }
            self.go_on();
        } else {
            // The last word; it says nothing if there was nothing to do.
            self.say(worker.report());
        }
    }
}
