namespace Dum.Numerics;

/// <summary>
/// What random draws are for: the second part of their address, after the run. They stand in one list so that no two are the
/// same; a number is never given to another use, because a run is made again from it.
/// </summary>
public enum DrawDomain : uint
{
    /// <summary>A stream of draws for its own sake.</summary>
    Stream = 0,

    /// <summary>First weights of a model.</summary>
    Weights = 1,

    /// <summary>The order in which training reads a text.</summary>
    Windows = 2,

    /// <summary>Tokens that are generated.</summary>
    Sampling = 3,

    /// <summary>Candidates of a sampled loss.</summary>
    Candidates = 4,

    /// <summary>Which runs of a result a tap looks at.</summary>
    Tap = 11,

    /// <summary>Bootstrap samples.</summary>
    Bootstrap = 12,

    /// <summary>A carried state: its inputs, stochastic roundings and shuffles.</summary>
    CarriedState = 13,

    /// <summary>Placebos of the predictor.</summary>
    Placebos = 14,

    /// <summary>Shuffled second moments, the placebo of quantisation.</summary>
    ShuffledMoments = 15,

    /// <summary>Pieces of a text to calibrate on.</summary>
    Calibration = 16,

    /// <summary>Injected faults.</summary>
    Faults = 17,

    /// <summary>Signs of a Hadamard rotation.</summary>
    Rotation = 18,

    /// <summary>First directions of a low-rank correction.</summary>
    LowRank = 19,

    /// <summary>Which documents are held out of training.</summary>
    HeldOut = 21,

    /// <summary>Carried weights: the map, samples, stochastic roundings and shuffles.</summary>
    CarriedWeights = 22,

    /// <summary>The tilt of known size.</summary>
    KnownTilt = 23,

    /// <summary>Errors in another order, the placebo of the law of averaging.</summary>
    ShuffledErrors = 24,

    /// <summary>First weights of an adapter.</summary>
    Adapter = 31,

    /// <summary>Scenes that an atlas is learned from.</summary>
    SceneSample = 41,

    /// <summary>First centroids of an atlas.</summary>
    Centroids = 42,

    /// <summary>Contexts that are shuffled to measure what they are worth.</summary>
    ShuffledContexts = 43,
}
