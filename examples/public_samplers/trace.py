#!/usr/bin/env python3
"""Traces the samplers of the catalogue whose order settles only beyond 128 steps, from the public code.

    PYTHONPATH=build/release/python python3 examples/public_samplers/trace.py OUTPUT 256 512

needs the packages diffusers and k_diffusion with torch, writes one scheme a sampler and number of
steps into the directory OUTPUT, and prints nothing else: `lemmabench audit OUTPUT` does. Levels are
geometric from sigma = 20 to 0.05, everything is computed in double precision. The multistep and
singlestep schedulers of diffusers run with lower_order_final=False and final_sigmas_type="sigma_min",
so that the last steps are of the same method and the output is at sigma = 0.05; their list of sigmas
is set by hand.
"""

import argparse
import pathlib

import numpy as np

import lemmabench

# function of k_diffusion.sampling, options, name, order that the name says
K_DIFFUSION = [
    ("sample_euler", {}, "euler", 1),
    ("sample_heun", {}, "heun", 2),
    ("sample_dpmpp_2m", {}, "dpmpp_2m", 2),
    ("sample_dpmpp_2s_ancestral", {}, "dpmpp_2s_ancestral", 2),
    ("sample_dpmpp_2m_sde", {}, "dpmpp_2m_sde midpoint", 2),
    ("sample_dpmpp_2m_sde", {"solver_type": "heun"}, "dpmpp_2m_sde heun", 2),
    ("sample_dpmpp_3m_sde", {"eta": 0.0}, "dpmpp_3m_sde eta=0", 3),
    ("sample_dpmpp_3m_sde", {}, "dpmpp_3m_sde eta=1", 3),
]

# class of diffusers, options, name, order that solver_order says
DIFFUSERS = [
    ("DPMSolverMultistepScheduler", {"solver_order": 3}, "DPMSolverMultistep dpmsolver++ order 3", 3),
    (
        "DPMSolverMultistepScheduler",
        {"solver_order": 3, "algorithm_type": "sde-dpmsolver++"},
        "DPMSolverMultistep sde-dpmsolver++ order 3",
        3,
    ),
    (
        "DPMSolverSinglestepScheduler",
        {"solver_order": 2, "algorithm_type": "sde-dpmsolver++"},
        "DPMSolverSinglestep sde-dpmsolver++ order 2",
        2,
    ),
    (
        "UniPCMultistepScheduler",
        {"solver_order": 3, "solver_type": "bh2"},
        "UniPCMultistep order 3 bh2",
        3,
    ),
]


def levels(steps: int) -> np.ndarray:
    """sigma_0..sigma_N, shape (steps + 1,)."""
    return np.geomspace(20, 0.05, steps + 1)


def of_k_diffusion(function: str, options: dict, steps: int) -> lemmabench.Scheme:
    from k_diffusion import sampling

    return lemmabench.kdiffusion(getattr(sampling, function), levels(steps), "white", **options)


def of_diffusers(scheduler: str, options: dict, steps: int) -> lemmabench.Scheme:
    import diffusers
    import torch

    made = getattr(diffusers, scheduler)(
        num_train_timesteps=max(1000, 8 * steps),  # as many timesteps as steps, and none twice
        lower_order_final=False,
        final_sigmas_type="sigma_min",
        **options,
    )
    made.set_timesteps(steps)
    made.sigmas = torch.tensor(levels(steps))
    return lemmabench.diffusers(made, precision="double")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("steps", type=int, nargs="+")
    asked = parser.parse_args()
    asked.output.mkdir(parents=True, exist_ok=True)
    for library, make, rows in (
        ("k-diffusion", of_k_diffusion, K_DIFFUSION),
        ("diffusers", of_diffusers, DIFFUSERS),
    ):
        for code, options, name, order in rows:
            for steps in asked.steps:
                scheme = make(code, options, steps)
                scheme.source = f"{library} {name}"
                scheme.steps = steps
                scheme.advertised_order = order
                file = f"{library}_{name}_{steps}.json".replace(" ", "_")
                scheme.write(asked.output / file, compact=True)


if __name__ == "__main__":
    main()
