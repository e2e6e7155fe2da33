//! Stand-in integrator until flow::gradient_flow lands.
use crate::arithmetic::Interval;
use crate::network::Network;
use crate::problem::{Moments, Problem, dot};
use nalgebra::DMatrix;

pub(super) struct Followed {
    pub points: Vec<(f64, Network<f64>)>,
    pub stopped: String,
    pub converged: bool,
}

const TARGET: f64 = 1e-20;

fn layers(n: &Network<f64>, m: &Moments<f64>) -> Vec<DMatrix<f64>> {
    let g = n.gradient(m);
    (1..=n.depth()).map(|k| -g.layer(k)).collect()
}

pub(super) fn follow(
    problem: &Problem,
    start: &Network<f64>,
    tolerance: f64,
    steps: usize,
) -> Result<Followed, String> {
    let m = problem.enclosed_moments().map(Interval::mid);
    let w_star = problem.w_star::<Interval>(53).map(|v| v.mid());
    let excess = |n: &Network<f64>| {
        let v = n.product() - &w_star;
        dot(&v, &(&m.sigma * &v))
    };
    let a: [&[f64]; 6] = [
        &[1. / 5.],
        &[3. / 40., 9. / 40.],
        &[44. / 45., -56. / 15., 32. / 9.],
        &[19372. / 6561., -25360. / 2187., 64448. / 6561., -212. / 729.],
        &[9017. / 3168., -355. / 33., 46732. / 5247., 49. / 176., -5103. / 18656.],
        &[35. / 384., 0., 500. / 1113., 125. / 192., -2187. / 6784., 11. / 84.],
    ];
    let e = [71. / 57600., 0., -71. / 16695., 71. / 1920., -17253. / 339200., 22. / 525., -1. / 40.];
    let mut now = start.clone();
    let mut t = 0.0_f64;
    let mut points = vec![(0.0, now.clone())];
    let mut k1 = layers(&now, &m);
    let first = excess(&now);
    let scale = |w: &[DMatrix<f64>]| w.iter().map(|x| x.amax()).collect::<Vec<f64>>();
    let mut h = 1e-3
        / (1e-300
            + k1.iter()
                .zip(now.layers())
                .filter(|(_, w)| w.amax() > 0.0)
                .map(|(g, w)| g.amax() / w.amax())
                .fold(0.0, f64::max))
        .max(1e-200);
    h = h.min(1e-2);
    for _ in 0..steps {
        if excess(&now) <= TARGET * first {
            return Ok(Followed { points, stopped: "target".into(), converged: true });
        }
        if t < 1.0 && t + h > 1.0 {
            h = 1.0 - t;
        }
        let mut k = vec![k1.clone()];
        let mut next = now.clone();
        for row in a {
            let w: Vec<DMatrix<f64>> = now
                .layers()
                .iter()
                .enumerate()
                .map(|(l, w)| {
                    let mut w = w.clone();
                    for (c, kk) in row.iter().zip(&k) {
                        w += &kk[l] * (h * c);
                    }
                    w
                })
                .collect();
            next = now.with_layers(w);
            k.push(layers(&next, &m));
        }
        let (s0, s1) = (scale(now.layers()), scale(next.layers()));
        let mut err = 0.0_f64;
        for l in 0..now.depth() {
            let mut v = &k[0][l] * (h * e[0]);
            for i in 1..7 {
                v += &k[i][l] * (h * e[i]);
            }
            err = err.max(v.amax() / s0[l].max(s1[l]).max(1e-300));
        }
        let r = err / tolerance;
        if r.is_finite() && r <= 1.0 {
            t = if h == 1.0 - t { 1.0 } else { t + h };
            now = next;
            k1 = k.pop().unwrap_or_default();
            points.push((t, now.clone()));
        }
        let f = if r.is_finite() { 0.9 * r.max(1e-10).powf(-0.2) } else { 0.1 };
        h *= f.clamp(0.2, 5.0);
    }
    Ok(Followed { points, stopped: "step budget".into(), converged: false })
}
