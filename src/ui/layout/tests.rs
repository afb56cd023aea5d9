//! Geometry
