using System.Globalization;
using CsCheck;

namespace ImageScan.Core.Tests;

/// <summary>
/// Tries a property on random input, the same in every run. CsCheck's own Sample takes only its first input from a seed and the others
/// from its threads' clocks; this one stands nearer to the tests, so that the compiler takes it there.
/// <c>PropertyTests_Seed=random</c>, or a number, tries other input; <c>PropertyTests_Times=20</c> tries twenty times as much;
/// <c>CsCheck_Seed</c> begins with the input that a failure named.
/// </summary>
internal static class Sampling
{
    private const int DefaultTries = 100;

    private static readonly ulong Seed = Environment.GetEnvironmentVariable("PropertyTests_Seed") switch
    {
        null or "" => 1,
        "random" => (ulong)Random.Shared.NextInt64(),
        var number => ulong.Parse(number, CultureInfo.InvariantCulture),
    };

    private static readonly int Times =
        Environment.GetEnvironmentVariable("PropertyTests_Times") is { Length: > 0 } times ? int.Parse(times, CultureInfo.InvariantCulture) : 1;

    public static void Sample<T>(this Gen<T> gen, Action<T> holds, int iter = DefaultTries)
    {
        foreach ((T value, string seed) in Values(gen, iter))
        {
            try
            {
                holds(value);
            }
            catch (Exception broken)
            {
                throw Failure(value, seed, broken);
            }
        }
    }

    public static void Sample<T>(this Gen<T> gen, Func<T, bool> holds, int iter = DefaultTries) =>
        gen.Sample(value => Assert.True(holds(value)), iter);

    public static void Sample<T1, T2>(this Gen<(T1, T2)> gen, Action<T1, T2> holds, int iter = DefaultTries) =>
        gen.Sample(value => holds(value.Item1, value.Item2), iter);

    public static void Sample<T1, T2, T3>(this Gen<(T1, T2, T3)> gen, Action<T1, T2, T3> holds, int iter = DefaultTries) =>
        gen.Sample(value => holds(value.Item1, value.Item2, value.Item3), iter);

    public static void Sample<T1, T2, T3, T4>(this Gen<(T1, T2, T3, T4)> gen, Action<T1, T2, T3, T4> holds, int iter = DefaultTries) =>
        gen.Sample(value => holds(value.Item1, value.Item2, value.Item3, value.Item4), iter);

    public static async Task SampleAsync<T>(this Gen<T> gen, Func<T, Task> holds, int iter = DefaultTries)
    {
        foreach ((T value, string seed) in Values(gen, iter))
        {
            try
            {
                await holds(value);
            }
            catch (Exception broken)
            {
                throw Failure(value, seed, broken);
            }
        }
    }

    public static Task SampleAsync<T1, T2>(this Gen<(T1, T2)> gen, Func<T1, T2, Task> holds, int iter = DefaultTries) =>
        gen.SampleAsync(value => holds(value.Item1, value.Item2), iter);

    private static IEnumerable<(T Value, string Seed)> Values<T>(Gen<T> gen, int iter)
    {
        PCG random = Check.Seed is { } first ? PCG.Parse(first) : new PCG(stream: 0, Seed);
        for (long i = 0; i < (long)iter * Times; i++)
        {
            string seed = random.ToString(random.State);
            yield return (gen.Generate(random, null, out _), seed);
        }
    }

    private static CsCheckException Failure<T>(T value, string seed, Exception broken) =>
        new($"Does not hold for {Check.Print(value)} (CsCheck_Seed={seed}): {broken.Message}", broken);
}
