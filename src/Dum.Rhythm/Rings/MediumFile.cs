using Dum.Coding;

namespace Dum.Rhythm.Rings;

/// <summary>A medium in a file: structural, rhythmic and contour parameters in sections of their own, then the state; it goes on with the same bits.</summary>
public static class MediumFile
{
    const int Version = 2;

    static ReadOnlySpan<byte> Magic => "DUMRING\n"u8;

    /// <summary>Writes a medium to a file, or nothing at all.</summary>
    /// <exception cref="DumException">The file cannot be written.</exception>
    public static void Save(Medium<double> medium, string path) => StateFile.Write(path, Magic, Version, to => Write(medium, to));

    /// <summary>Reads a medium from a file.</summary>
    /// <exception cref="DumException">No such file, damaged, or of another version.</exception>
    public static Medium<double> Load(string path) => StateFile.Read(path, Magic, Version, Tongue.Say("a medium", "среда"), (ref from) => Read(ref from));

    internal static void Write(Medium<double> medium, ByteWriter to)
    {
        MediumParameters p = medium.Parameters;
        to.Number(p.Inputs);
        to.Number(p.Rings.Count);
        to.UInt64(p.Seed);
        to.Double(p.Step);
        to.Double(p.StepAngle);
        to.Byte((int)p.Composition);
        to.Byte((int)p.Frozen);
        foreach (Ring ring in p.Rings)
            Structural(ring.Structure, to);
        foreach (Ring ring in p.Rings)
            Rhythmic(ring.Rhythm, to);
        foreach (Ring ring in p.Rings)
            foreach (double value in (ReadOnlySpan<double>)[ring.Contour.Kappa, ring.Contour.Phi, ring.Contour.Noise])
                to.Double(value);
        to.Number(p.Edges.Count);
        foreach (ContourEdge e in p.Edges)
        {
            to.Number(e.From);
            to.Number(e.To);
            to.Double(e.Strength);
            to.Double(e.Phase);
        }
        to.Double(medium.Time);
        to.UInt64(medium.Steps);
        foreach (double u in medium.Inputs)
            to.Double(u);
        for (int r = 0; r < medium.Rings; r++)
        {
            foreach (double x in medium.Real(r))
                to.Double(x);
            foreach (double y in medium.Imaginary(r))
                to.Double(y);
            foreach (double heard in medium.Signals(r))
                to.Double(heard);
            to.Double(medium.Reserve(r));
        }
    }

    internal static Medium<double> Read(ref ByteReader from)
    {
        int inputs = (int)from.Number(MediumParameters.MostInputs), count = from.Count(1);
        ulong seed = from.UInt64();
        double step = from.Double(), angle = from.Double();
        int composition = from.Byte(), frozen = from.Byte();
        var structures = new RingStructure[count];
        for (int r = 0; r < count; r++)
            structures[r] = Structural(ref from);
        var rhythms = new RingRhythm[count];
        for (int r = 0; r < count; r++)
            rhythms[r] = Rhythmic(ref from);
        var rings = new Ring[count];
        for (int r = 0; r < count; r++)
            rings[r] = new Ring(structures[r], rhythms[r], new RingContour { Kappa = from.Double(), Phi = from.Double(), Noise = from.Double() });
        var edges = new ContourEdge[from.Count(18)];
        for (int e = 0; e < edges.Length; e++)
            edges[e] = new ContourEdge((int)from.Number(count), (int)from.Number(count), from.Double(), from.Double());
        var medium = new Medium<double>(new MediumParameters
        {
            Inputs = inputs,
            Rings = rings,
            Edges = edges,
            Seed = seed,
            Step = step,
            StepAngle = angle,
            Composition = (Composition)composition,
            Frozen = (ParameterGroup)frozen,
        })
        { Time = from.Finite(), Steps = from.UInt64() };
        var held = new double[inputs];
        from.Finite(held);
        medium.Hold(held);
        for (int r = 0; r < count; r++)
        {
            from.Finite(medium.Real(r));
            from.Finite(medium.Imaginary(r));
            from.Finite(medium.Signals(r));
            medium.Reserve(r) = from.Finite();
            medium.Obey(r);
        }
        return medium;
    }

    static void Structural(RingStructure s, ByteWriter to)
    {
        to.Number(s.Count);
        to.UInt32((uint)s.Mode);
        to.Byte(s.Kicked ? 1 : 0);
        foreach (double[] values in (ReadOnlySpan<double[]>)[s.GainReal, s.GainImaginary, s.Modulation, s.BiasReal, s.BiasImaginary])
            to.Doubles(values);
        to.Number(s.Listens.Length);
        foreach (Listening l in s.Listens)
        {
            to.Number(l.Ring);
            to.Double(l.Delay);
        }
    }

    // An initialiser reads its members in the order in which they are written.
    static RingStructure Structural(ref ByteReader from) => new()
    {
        Count = from.Count(1),
        Mode = (int)from.UInt32(),
        Kicked = from.Byte() != 0,
        GainReal = from.Doubles(),
        GainImaginary = from.Doubles(),
        Modulation = from.Doubles(),
        BiasReal = from.Doubles(),
        BiasImaginary = from.Doubles(),
        Listens = Listens(ref from),
    };

    static Listening[] Listens(ref ByteReader from)
    {
        var listens = new Listening[from.Count(9)];
        for (int l = 0; l < listens.Length; l++)
            listens[l] = new Listening((int)from.Number(MediumParameters.MostRings), from.Double());
        return listens;
    }

    static void Rhythmic(RingRhythm h, ByteWriter to)
    {
        to.Doubles(h.Omega);
        to.Doubles(h.Mu);
        foreach (double value in (ReadOnlySpan<double>)[h.Beta, h.Delta, h.Quintic, h.Recovery, h.Rest])
            to.Double(value);
    }

    static RingRhythm Rhythmic(ref ByteReader from) => new()
    {
        Omega = from.Doubles(),
        Mu = from.Doubles(),
        Beta = from.Double(),
        Delta = from.Double(),
        Quintic = from.Double(),
        Recovery = from.Double(),
        Rest = from.Double(),
    };
}
