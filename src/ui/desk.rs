//! The explorer's desk: what the reader asked, and the worker that answers. It outlives the panel, so that a
//! search goes on, and answers stay, while the reader looks at something else.

use super::browser;
use crate::explore::job::{Reply, Request};
use crate::session::explorer::Sitting;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// What the worker says when it can be asked; any other text is why it cannot go on.
const READY: &str = super::worker::READY;

/// A worker that searches says something ten times a second. One that is silent for so many seconds is no more: a
/// browser need not say that it has ended one.
const PATIENCE_S: u32 = 8;

/// A worker, and what listens to it.
struct Hand {
    worker: Worker,
    _listeners: [EventListener; 3],
    _pulse: Interval,
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// What the reader asked, and the worker that answers.
#[derive(Default)]
pub struct Desk {
    sitting: RefCell<Sitting>,
    hand: RefCell<Option<Hand>>,
    /// For how many seconds it has been silent although it has something to do.
    silent: Cell<u32>,
    /// Counts changes, so that the panel is rendered anew.
    version: Cell<u32>,
    watcher: RefCell<Option<Callback<u32>>>,
}

impl Desk {
    /// What the reader asked.
    pub fn sitting(&self) -> Sitting {
        self.sitting.borrow().clone()
    }

    /// Calls back after every change, until somebody else watches.
    pub fn watch(&self, watcher: Option<Callback<u32>>) {
        *self.watcher.borrow_mut() = watcher;
    }

    /// Sees to it that there is a worker. It is loaded when somebody first opens the explorer, not before.
    pub fn open(self: &Rc<Self>) {
        if self.hand.borrow().is_none()
            && !matches!(self.sitting.borrow().health, crate::session::explorer::Health::Died { .. })
        {
            self.hire();
        }
    }

    /// Changes what the reader asks; what comes of it is sent to the worker.
    pub fn change<T>(&self, change: impl FnOnce(&mut Sitting) -> T) -> T {
        let changed = change(&mut self.sitting.borrow_mut());
        let requests = self.sitting.borrow_mut().take();
        for request in requests {
            self.send(&request);
        }
        self.version.set(self.version.get().wrapping_add(1));
        // The watcher may come back here.
        let watcher = self.watcher.borrow().clone();
        if let Some(watcher) = watcher {
            watcher.emit(self.version.get());
        }
        changed
    }

    /// After the worker died: another one.
    pub fn retry(self: &Rc<Self>) {
        self.change(|sitting| sitting.retry(now_ms()));
        self.hire();
    }

    fn hire(self: &Rc<Self>) {
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let made = browser::worker_program().ok_or(JsValue::NULL).and_then(|(address, name)| {
            options.set_name(&name);
            Worker::new_with_options(&address, &options)
        });
        match made {
            Ok(worker) => {
                let hand = Hand { _listeners: self.listen(&worker), _pulse: self.pulse(), worker };
                *self.hand.borrow_mut() = Some(hand);
            }
            Err(error) => self.lost(&format!("{error:?}")),
        }
    }

    /// Sees to it that a worker that has ended is missed. A page that sleeps counts no seconds.
    fn pulse(self: &Rc<Self>) -> Interval {
        self.silent.set(0);
        let desk = Rc::downgrade(self);
        Interval::new(1_000, move || {
            let Some(desk) = desk.upgrade() else { return };
            let waits = desk.sitting.borrow().waits();
            desk.silent.set(if waits { desk.silent.get() + 1 } else { 0 });
            if desk.silent.get() >= PATIENCE_S {
                desk.lost("");
            }
        })
    }

    fn listen(self: &Rc<Self>, worker: &Worker) -> [EventListener; 3] {
        let hear = {
            let desk = Rc::downgrade(self);
            move |event: &web_sys::Event| {
                if let (Some(desk), Some(event)) = (desk.upgrade(), event.dyn_ref::<MessageEvent>()) {
                    desk.hear(&event.data());
                }
            }
        };
        let fail = |desk: std::rc::Weak<Desk>| {
            move |event: &web_sys::Event| {
                let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                // Told here; it is no news for the page's own list of errors.
                event.prevent_default();
                if let Some(desk) = desk.upgrade() {
                    desk.lost(&why);
                }
            }
        };
        let active = gloo_events::EventListenerOptions::enable_prevent_default();
        [
            EventListener::new(worker, "message", hear),
            EventListener::new_with_options(worker, "error", active, fail(Rc::downgrade(self))),
            EventListener::new(worker, "messageerror", fail(Rc::downgrade(self))),
        ]
    }

    fn hear(&self, data: &JsValue) {
        self.silent.set(0);
        if let Some(text) = data.as_string() {
            match text.as_str() {
                READY => self.change(Sitting::ready),
                why => self.lost(why),
            }
            return;
        }
        match postcard::from_bytes::<Reply>(&Uint8Array::new(data).to_vec()) {
            Ok(reply) => self.change(|sitting| sitting.hear(reply, now_ms())),
            Err(error) => self.lost(&error.to_string()),
        }
    }

    fn send(&self, request: &Request) {
        self.silent.set(0);
        let bytes = postcard::to_allocvec(request).expect("plain data always serialises");
        let hand = self.hand.borrow();
        let sent = hand.as_ref().map(|hand| hand.worker.post_message(&Uint8Array::from(&bytes[..])));
        if let Some(Err(error)) = sent {
            web_sys::console::warn_2(&"not sent".into(), &error);
        }
    }

    /// The worker is of no use any more. The reader is told, and may have another one.
    fn lost(&self, why: &str) {
        // Not while it is being heard: dropping a listener inside its own call is what this avoids.
        if let Some(hand) = self.hand.borrow_mut().take() {
            hand.worker.terminate();
            gloo_timers::callback::Timeout::new(0, move || drop(hand)).forget();
        }
        let known = matches!(self.sitting.borrow().health, crate::session::explorer::Health::Died { .. });
        if !known {
            self.change(|sitting| sitting.died(why.to_string()));
        }
    }
}

/// Milliseconds since some fixed time.
pub fn now_ms() -> u64 {
    browser::now_ms() as u64
}
