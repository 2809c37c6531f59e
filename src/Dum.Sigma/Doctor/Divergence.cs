namespace Dum.Sigma.Doctor;

/// <summary>One side of a divergence.</summary>
/// <param name="Walk">Which walk through the model, from 1.</param>
/// <param name="Rows">Rows of the call: tokens, scenes or heads.</param>
/// <param name="Row">The row among them, from 0.</param>
/// <param name="Value">The number; NaN where numbers were not recorded.</param>
public sealed record DivergenceSide(int Walk, int Rows, int Row, float Value);

/// <summary>A number of rows from which on two runs differ in an operation: on one side all calls with fewer rows agree, all with as many differ.</summary>
/// <param name="Second">Whether the rows are those of the calls of the second run.</param>
/// <param name="Agree">Most rows of a call that agrees; 0 if there is none with fewer.</param>
/// <param name="Part">Fewest rows of a call that differs.</param>
public sealed record BatchBoundary(bool Second, int Agree, int Part);

/// <summary>What the numbers of the first differing row say about the cause.</summary>
public enum DivergenceNature
{
    /// <summary>Numbers were not recorded.</summary>
    Unknown,

    /// <summary>One number of the row, by one unit in the last place.</summary>
    OneUlp,

    /// <summary>Some numbers by a few units in the last place: the terms of sums came in another order, or products were fused.</summary>
    Order,

    /// <summary>One run keeps fewer bits: its numbers are those of the other, rounded.</summary>
    Format,

    /// <summary>Larger: other weights, other inputs, or a defect.</summary>
    Values,
}

/// <summary>Where two runs part.</summary>
public sealed record Divergence
{
    /// <summary>The first operation that differs, in the order of the first run.</summary>
    public required string Operation { get; init; }

    /// <summary>The layer of its stack; −1 for what belongs to none.</summary>
    public required int Layer { get; init; }

    /// <summary>The sequence and the position in it.</summary>
    public required Place Place { get; init; }

    /// <summary>The number of the row that differs first; −1 where numbers were not recorded in both.</summary>
    public required int Column { get; init; }

    /// <summary>Numbers of the row that differ; 0 where they were not recorded.</summary>
    public required int ColumnsApart { get; init; }

    /// <summary>Numbers of the row.</summary>
    public required int Columns { get; init; }

    /// <summary>The largest distance in the row in units in the last place; 0 where numbers were not recorded.</summary>
    public required long Ulps { get; init; }

    /// <summary>What the row looks like.</summary>
    public required DivergenceNature Nature { get; init; }

    /// <summary>In the first run.</summary>
    public required DivergenceSide First { get; init; }

    /// <summary>In the second.</summary>
    public required DivergenceSide Second { get; init; }

    /// <summary>The number of rows from which on they differ; null where calls of one size both agree and differ.</summary>
    public required BatchBoundary? Boundary { get; init; }
}

/// <summary>What comparing two recordings says.</summary>
/// <param name="Settings">Settings that differ: name, first, second.</param>
/// <param name="Compared">Rows that both have.</param>
/// <param name="Alone">Rows that only one has.</param>
/// <param name="Divergence">Where they part; null where all that both have is the same.</param>
/// <param name="Prints">Operations whose fingerprints use another number of bits: name, first, second.</param>
public sealed record ComparisonResult(
    IReadOnlyList<(string Name, string First, string Second)> Settings, long Compared, long Alone, Divergence? Divergence, IReadOnlyList<(string Operation, int First, int Second)> Prints);
