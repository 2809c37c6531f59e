using Dum.Numerics.Formats;

namespace Dum.Numerics.Kernels;

/// <summary>The integer products in scalars, for processors without 256-bit integer vectors, and as the other paths' twin.</summary>
sealed unsafe class IntegerTilesPlain : IntegerTiles
{
    public override void Int8(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow)
    {
        for (int r = 0; r < rows; r++)
            for (int lane = 0; lane < 16; lane++)
            {
                float sum = 0;
                for (int g = 0; g < x.Groups; g++)
                {
                    long at = (long)(row + r) * x.Groups + g;
                    sbyte* q = x.Quanta + (at * 32);
                    int dot = 0;
                    for (int i = 0; i < 32; i++)
                        dot += q[i] * (sbyte)weights[((long)g * 512) + (i / 4 * 64) + (lane * 4) + (i % 4)];
                    sum = MathF.FusedMultiplyAdd(Float16.ToSingle(scales[(g * 16) + lane]) * x.Scales[at], dot, sum);
                }
                c[(r * cRow) + lane] = sum;
            }
    }

    public override void Int4(in QuantisedRows x, int row, int rows, byte* weights, ushort* scales, float* c, nint cRow)
    {
        for (int r = 0; r < rows; r++)
            for (int lane = 0; lane < 16; lane++)
            {
                float sum = 0;
                for (int g = 0; g < x.Groups; g++)
                {
                    long at = (long)(row + r) * x.Groups + g;
                    sbyte* q = x.Quanta + (at * 32);
                    int dot = 0;
                    for (int i = 0; i < 32; i++)
                    {
                        int pair = weights[((long)g * 256) + (i / 8 * 64) + (lane * 4) + (i % 4)];
                        dot += q[i] * (((i & 4) == 0 ? pair & 15 : pair >> 4) - 8);
                    }
                    sum = MathF.FusedMultiplyAdd(Float16.ToSingle(scales[(g * 16) + lane]) * x.Scales[at], dot, sum);
                }
                c[(r * cRow) + lane] = sum;
            }
    }
}
