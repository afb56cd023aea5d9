//! The explorer's desk: what the reader asked, and the worker that answers. It outlives the panel, so that a
//! search goes on, and answers stay, while the reader looks at something else.

use super::browser;
use super::worker::READY;
use crate::explore::job::{Reply, Request};
use crate::session::explorer::Sitting;
use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::Uint8Array;
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// A worker that searches says something ten times a second. One that is silent for so many seconds is no more: a
/// browser need not say that it has ended one.
const PATIENCE_S: u32 = 8;

/// A worker, and what listens to it.
struct Hand {
    worker: Worker,
    /// Tells it from others.
    serial: u32,
    _listeners: [EventListener; 3],
    _pulse: Interval,
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

/// More workers than these would only take each other's memory.
const MOST_WORKERS: usize = 4;

/// What the reader asked, and the workers that answer.
#[derive(Default)]
pub struct Desk {
    sitting: RefCell<Sitting>,
    /// The worker that is asked next.
    hand: RefCell<Option<Hand>>,
    /// Those that go on with a question of before, by its number.
    others: RefCell<Vec<(u32, Hand)>>,
    hired: Cell<u32>,
    me: RefCell<Weak<Desk>>,
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

    /// Sees to it that there is a worker. It is started when somebody first opens the explorer, not before.
    pub fn open(self: &Rc<Self>) {
        *self.me.borrow_mut() = Rc::downgrade(self);
        self.sitting.borrow_mut().workers = browser::processors().clamp(1, MOST_WORKERS);
        if self.hand.borrow().is_none()
            && !matches!(self.sitting.borrow().health, crate::session::explorer::Health::Died { .. })
        {
            self.hire();
        }
    }

    /// Changes what the reader asks; what comes of it is sent to the worker.
    pub fn change<T>(&self, change: impl FnOnce(&mut Sitting) -> T) -> T {
        let changed = change(&mut self.sitting.borrow_mut());
        self.part();
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

    /// Lets the worker go on with what it has where another question was asked meanwhile, and hires another for that;
    /// lets go those that have come to an end.
    fn part(&self) {
        let parted = self.sitting.borrow_mut().take_parted();
        if let Some(id) = parted {
            let hand = self.hand.borrow_mut().take();
            self.others.borrow_mut().extend(hand.map(|hand| (id, hand)));
            self.hire();
        }
        let sitting = self.sitting.borrow();
        let mut others = self.others.borrow_mut();
        while let Some(at) = others.iter().position(|(id, _)| !sitting.goes_on_beside(*id)) {
            dismiss(others.remove(at).1);
        }
    }

    /// After the worker died: another one.
    pub fn retry(&self) {
        self.change(|sitting| sitting.retry(now_ms()));
        self.hire();
    }

    fn hire(&self) {
        self.hired.set(self.hired.get() + 1);
        let serial = self.hired.get();
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let made = browser::worker_program().ok_or(JsValue::NULL).and_then(|(address, name)| {
            options.set_name(&name);
            let worker = Worker::new_with_options(&address, &options)?;
            // The program as it is compiled here already.
            worker.post_message(&wasm_bindgen::module())?;
            Ok(worker)
        });
        match made {
            Ok(worker) => {
                let (listeners, pulse) = self.listen(&worker, serial);
                let hand = Hand { worker, serial, _listeners: listeners, _pulse: pulse };
                *self.hand.borrow_mut() = Some(hand);
            }
            Err(error) => self.lost(serial, &format!("{error:?}")),
        }
    }

    /// What listens to a worker, and what misses it when it has ended. A page that sleeps counts no seconds.
    fn listen(&self, worker: &Worker, serial: u32) -> ([EventListener; 3], Interval) {
        // For how many seconds it has been silent although it has something to do.
        let silent = Rc::new(Cell::new(0));
        let pulse = {
            let (desk, silent) = (self.me.borrow().clone(), silent.clone());
            Interval::new(1_000, move || {
                let Some(desk) = desk.upgrade() else { return };
                silent.set(if desk.waits_for(serial) { silent.get() + 1 } else { 0 });
                if silent.get() >= PATIENCE_S {
                    desk.lost(serial, "");
                }
            })
        };
        let hear = {
            let desk = self.me.borrow().clone();
            move |event: &web_sys::Event| {
                silent.set(0);
                if let (Some(desk), Some(event)) = (desk.upgrade(), event.dyn_ref::<MessageEvent>()) {
                    desk.hear(serial, &event.data());
                }
            }
        };
        let fail = |desk: Weak<Desk>| {
            move |event: &web_sys::Event| {
                let why = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                // Told here; it is no news for the page's own list of errors.
                event.prevent_default();
                if let Some(desk) = desk.upgrade() {
                    desk.lost(serial, &why);
                }
            }
        };
        let active = gloo_events::EventListenerOptions::enable_prevent_default();
        let me = self.me.borrow();
        let listeners = [
            EventListener::new(worker, "message", hear),
            EventListener::new_with_options(worker, "error", active, fail(me.clone())),
            EventListener::new(worker, "messageerror", fail(me.clone())),
        ];
        (listeners, pulse)
    }

    fn is_next(&self, serial: u32) -> bool {
        self.hand.borrow().as_ref().is_some_and(|hand| hand.serial == serial)
    }

    /// Whether a worker has something to do, so that it is to be heard of.
    fn waits_for(&self, serial: u32) -> bool {
        if self.is_next(serial) {
            return self.sitting.borrow().waits();
        }
        self.others.borrow().iter().any(|(_, hand)| hand.serial == serial)
    }

    fn hear(&self, serial: u32, data: &JsValue) {
        if let Some(text) = data.as_string() {
            match text.as_str() {
                READY if self.is_next(serial) => self.change(Sitting::ready),
                READY => {}
                why => self.lost(serial, why),
            }
            return;
        }
        match postcard::from_bytes::<Reply>(&Uint8Array::new(data).to_vec()) {
            Ok(reply) => self.change(|sitting| sitting.hear(reply, now_ms())),
            Err(error) => self.lost(serial, &error.to_string()),
        }
    }

    fn send(&self, request: &Request) {
        let bytes = postcard::to_allocvec(request).expect("plain data always serialises");
        let hand = self.hand.borrow();
        let sent = hand.as_ref().map(|hand| hand.worker.post_message(&Uint8Array::from(&bytes[..])));
        if let Some(Err(error)) = sent {
            web_sys::console::warn_2(&"not sent".into(), &error);
        }
    }

    /// A worker is of no use any more. The reader is told, and may have another one.
    fn lost(&self, serial: u32, why: &str) {
        let beside = self.others.borrow().iter().find(|(_, hand)| hand.serial == serial).map(|(id, _)| *id);
        if let Some(id) = beside {
            return self.change(|sitting| sitting.died_beside(id));
        }
        let next = self.hand.borrow().as_ref().is_none_or(|hand| hand.serial == serial);
        let known = matches!(self.sitting.borrow().health, crate::session::explorer::Health::Died { .. });
        if next {
            self.hand.borrow_mut().take().into_iter().for_each(dismiss);
        }
        if next && !known {
            self.change(|sitting| sitting.died(why.to_string()));
        }
    }
}

/// Ends a worker. Not while it is being heard: dropping a listener inside its own call is what this avoids.
fn dismiss(hand: Hand) {
    hand.worker.terminate();
    gloo_timers::callback::Timeout::new(0, move || drop(hand)).forget();
}

/// Milliseconds since some fixed time.
pub fn now_ms() -> u64 {
    browser::now_ms() as u64
}
