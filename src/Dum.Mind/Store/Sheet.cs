using System.IO.Compression;
using System.Text;
using Dum.Mind.Turns;

namespace Dum.Mind.Store;

/// <summary>Some turns that follow one another, as they are kept: compressed together, read together.</summary>
static class Sheet
{
    /// <summary>A sheet ends at so many turns or characters, whichever comes first.</summary>
    public const int MostTurns = 64, MostChars = 1 << 15;

    const int MostRaw = 1 << 28;

    public static byte[] Write(ReadOnlySpan<Turn> turns)
    {
        var raw = new MemoryStream();
        using (var to = new BinaryWriter(raw, Encoding.UTF8, leaveOpen: true))
        {
            to.Write7BitEncodedInt(turns.Length);
            long time = 0;
            foreach (Turn turn in turns)
            {
                to.Write((byte)turn.Role);
                to.Write((byte)turn.Flags);
                to.Write7BitEncodedInt64(turn.Time - time);
                to.Write7BitEncodedInt(turn.Parent + 1);
                to.Write7BitEncodedInt(turn.At);
                to.Write7BitEncodedInt(turn.Bytes);
                time = turn.Time;
            }
            foreach (Turn turn in turns)
            {
                to.Write(turn.Id);
                to.Write(turn.Speaker);
            }
            foreach (Turn turn in turns)
                to.Write(turn.Text);
        }
        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength((int)raw.Length) + 64];
        if (!BrotliEncoder.TryCompress(raw.GetBuffer().AsSpan(0, (int)raw.Length), packed.AsSpan(4), out int length, quality: 5, window: 20))
            throw new InvalidOperationException("the room for compression was too small");
        System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(packed, (int)raw.Length);
        return packed[..(length + 4)];
    }

    /// <exception cref="DumException">The sheet is damaged.</exception>
    public static Turn[] Read(byte[] data)
    {
        try
        {
            int length = System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(data);
            if (length is < 0 or > MostRaw)
                throw new InvalidDataException();
            var raw = new byte[length];
            if (!BrotliDecoder.TryDecompress(data.AsSpan(4), raw, out int n) || n != length)
                throw new InvalidDataException();
            using var from = new BinaryReader(new MemoryStream(raw), Encoding.UTF8);
            int count = from.Read7BitEncodedInt();
            if (count < 0 || count > length)
                throw new InvalidDataException();
            var turns = new Turn[count];
            long time = 0;
            for (int i = 0; i < turns.Length; i++)
            {
                turns[i] = new Turn
                {
                    Role = (TurnRole)from.ReadByte(),
                    Flags = (TurnMarks)from.ReadByte(),
                    Time = time += from.Read7BitEncodedInt64(),
                    Parent = from.Read7BitEncodedInt() - 1,
                    At = from.Read7BitEncodedInt(),
                    Bytes = from.Read7BitEncodedInt(),
                    Text = "",
                };
            }
            for (int i = 0; i < turns.Length; i++)
                turns[i] = turns[i] with { Id = from.ReadString(), Speaker = from.ReadString() };
            for (int i = 0; i < turns.Length; i++)
                turns[i] = turns[i] with { Text = from.ReadString() };
            return turns;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or IOException)
        {
            throw Damage.Of("a sheet of the memory is damaged", "лист памяти повреждён", e);
        }
    }
}
