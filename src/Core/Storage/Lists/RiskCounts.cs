using System.Buffers.Binary;

namespace ImageScan.Core.Storage.Lists;

/// <summary>How many images of a partition have which risk. A count may be below zero while a row of the ledger is not what it should be.</summary>
internal sealed class RiskCounts
{
    private const int EntryBytes = sizeof(float) + sizeof(int);

    private readonly Dictionary<float, int> _images = [];

    /// <summary>How many images there are.</summary>
    public int Images => _images.Values.Sum();

    /// <summary>The risks that an image has.</summary>
    public IEnumerable<float> Risks => _images.Where(risk => risk.Value > 0).Select(risk => risk.Key);

    public static RiskCounts Of(IEnumerable<float> risks)
    {
        var counts = new RiskCounts();
        foreach (float risk in risks)
        {
            counts.Add(risk, 1);
        }

        return counts;
    }

    /// <summary>These counts with those changes.</summary>
    public RiskCounts With(IEnumerable<RiskDelta> deltas)
    {
        var counts = new RiskCounts();
        foreach ((float risk, int images) in _images)
        {
            counts._images[risk] = images;
        }

        foreach (RiskDelta delta in deltas)
        {
            counts.Add(delta.Added, 1);
            counts.Add(delta.Removed, -1);
        }

        return counts;
    }

    public bool IsSameAs(RiskCounts other) => _images.Count == other._images.Count
        && _images.All(risk => other._images.TryGetValue(risk.Key, out int images) && images == risk.Value);

    public byte[] ToBytes()
    {
        var bytes = new byte[_images.Count * EntryBytes];
        int at = 0;
        foreach ((float risk, int images) in _images.OrderBy(risk => risk.Key))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), risk);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + sizeof(float)), images);
            at += EntryBytes;
        }

        return bytes;
    }

    public static RiskCounts From(ReadOnlySpan<byte> bytes)
    {
        var counts = new RiskCounts();
        for (; bytes.Length >= EntryBytes; bytes = bytes[EntryBytes..])
        {
            counts.Add(BinaryPrimitives.ReadSingleLittleEndian(bytes), BinaryPrimitives.ReadInt32LittleEndian(bytes[sizeof(float)..]));
        }

        return counts;
    }

    private void Add(float? risk, int images)
    {
        if (risk is { } known)
        {
            int now = _images.GetValueOrDefault(known) + images;
            if (now == 0)
            {
                _images.Remove(known);
            }
            else
            {
                _images[known] = now;
            }
        }
    }
}
