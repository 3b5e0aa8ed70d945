using CsCheck;
using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>What holds of every order, tried on random versions.</summary>
internal static class VersionLaws
{
    private const int Tries = 5_000;

    private static readonly Gen<string> Mutated = Gen.Select(
        Gen.String[Gen.Char["0123456789.-_~^+:!=vabrcpostdevalphgo \0\u0660\u017f\ud83d\uffff"], 0, 24],
        Gen.String,
        (near, any) => near + any);

    /// <summary>Reflexive, antisymmetric, transitive and total on the versions of <paramref name="versions"/>.</summary>
    public static void Hold(VersionScheme scheme, Gen<string> versions) =>
        Gen.Select(versions, versions, versions).Sample((a, b, c) =>
        {
            Assert.True(scheme.TryCompare(a, a, out int same), $"{a} is no version.");
            Assert.Equal(0, same);

            int ab = Sign(scheme, a, b);
            int bc = Sign(scheme, b, c);
            int ac = Sign(scheme, a, c);
            Assert.Equal(-ab, Sign(scheme, b, a));
            if (ab <= 0 && bc <= 0)
            {
                Assert.Equal(Math.Min(ab, bc), ac);
            }
        }, iter: Tries);

    /// <summary>Whatever the text, the answer is false or an order that is the same from both sides, also beside real versions.</summary>
    public static void NoTextThrows(VersionScheme scheme, Gen<string> versions)
    {
        Gen<string> anything = Gen.OneOf(Mutated, versions, Gen.Select(versions, Mutated, (version, tail) => version + tail));
        Gen.Select(anything, anything).Sample((a, b) =>
        {
            bool comparable = scheme.TryCompare(a, b, out int order);
            Assert.Equal(comparable, scheme.TryCompare(b, a, out int reverse));
            Assert.Equal(Math.Sign(order), -Math.Sign(reverse));
        }, iter: Tries);
    }

    /// <summary>
    /// A version of a hundred thousand characters is answered without recursion, alike from both sides, and in less memory than a copy of it
    /// would take.
    /// </summary>
    public static void TakesHugeText(VersionScheme scheme)
    {
        foreach (string part in (string[])["1", "0", "1.", "0.", "a", "1-", "-", "~", ".", "1a", "_p1", ".0a", "^1"])
        {
            string huge = "1" + string.Concat(Enumerable.Repeat(part, 100_000 / part.Length));
            AgreesWithoutACopy(scheme, huge, huge + "1");
            AgreesWithoutACopy(scheme, huge, "1");
        }
    }

    private static void AgreesWithoutACopy(VersionScheme scheme, string left, string right)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool comparable = scheme.TryCompare(left, right, out int order);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, left.Length);
        Assert.Equal(comparable, scheme.TryCompare(right, left, out int reverse));
        Assert.Equal(Math.Sign(order), -Math.Sign(reverse));
    }

    private static int Sign(VersionScheme scheme, string left, string right)
    {
        Assert.True(scheme.TryCompare(left, right, out int order), $"{left} and {right} have no order.");
        return Math.Sign(order);
    }
}
