using System.Security.Cryptography;
using System.Text;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// Chance that a seed decides. Each part of the suite rolls its own dice, so that one request more or less in one place changes nothing that
/// is rolled in another.
/// </summary>
internal sealed class Dice(int seed, string part)
{
    private readonly Random _random = new(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed} {part}"))));
    private readonly Lock _lock = new();

    /// <summary>At least 0 and less than 1.</summary>
    public double Roll()
    {
        lock (_lock)
        {
            return _random.NextDouble();
        }
    }

    public bool Chance(double probability) => Roll() < probability;

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Between(int least, int most) => least + (int)(Roll() * (most - least + 1));

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + (Roll() * (most - least));

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[Between(0, choices.Count - 1)];

    /// <summary>
    /// The first whose share the roll falls into; null, "nothing of all that", for the rest of the shares up to 1.
    /// </summary>
    public T? Pick<T>(IReadOnlyList<(T What, double Share)> choices)
        where T : struct
    {
        double roll = Roll();
        foreach ((T what, double share) in choices)
        {
            roll -= share;
            if (roll < 0)
            {
                return what;
            }
        }

        return null;
    }

    /// <summary>Text that a compressor can take a quarter off.</summary>
    public string Filler(int characters)
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        lock (_lock)
        {
            return new string(_random.GetItems(Alphabet.AsSpan(), characters));
        }
    }
}
