using System.Diagnostics;
using CsCheck;
using ImageScan.Core.Inventory.Versions;

namespace ImageScan.Core.Tests.Inventory.Versions;

/// <summary>What holds of every order, tried on random versions, on versions that nearly are the same, and on texts that are none.</summary>
public sealed class VersionLawsTests
{
    private const int Tries = 5_000;

    private static readonly Gen<string> Hostile = Gen.Select(
        Gen.String[Gen.Char["0123456789.-_~^+:!=*vabrcpostdevalphgo \0\u0660\u017f\ud83d\uffff"], 0, 24],
        Gen.String,
        (near, any) => near + any);

    private static readonly Gen<(int Place, int Length, string Text)[]> Edits = Gen.Select(
        Gen.Int[0, 12],
        Gen.Int[0, 2],
        VersionGen.OneOf("", "0", "1", "9", "00", ".", "-", "_", "~", "+", ":", "^", "a", "b", "rc", "dev", "x", ".0", "-1", ".1", "A", "v", "é")).Array[0, 3];

    public static TheoryData<string> Schemes => [.. VersionCases.All.Keys];

    [Fact]
    public void HoldEverySchemeToThem()
    {
        IEnumerable<Type> schemes = typeof(VersionScheme).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(VersionScheme)));

        Assert.Equal(
            schemes.Select(type => type.Name).Order(StringComparer.Ordinal),
            VersionCases.All.Values.Select(known => known.Scheme.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void PutVersionsInOneOrder(string name)
    {
        VersionScheme scheme = VersionCases.All[name].Scheme;
        Gen<string> versions = VersionCases.All[name].Versions;

        Gen.Select(versions, versions, versions).Sample(
            (a, b, c) =>
            {
                int ab = Sign(scheme, a, b);
                int bc = Sign(scheme, b, c);
                Assert.Equal(0, Sign(scheme, a, a));
                Assert.Equal(-ab, Sign(scheme, b, a));
                AssertTransitive(ab, bc, Sign(scheme, a, c));
            },
            iter: Tries);
    }

    // Two steps away from one version; whether a text is a version may depend on where it differs from the other, so not all pairs need an order.
    [Theory]
    [MemberData(nameof(Schemes))]
    public void PutWhateverIsComparedInOneOrder(string name)
    {
        (VersionScheme scheme, Gen<string> versions, _) = VersionCases.All[name];
        string tail = VersionCases.All[name].Tail;
        Gen<string> text = Gen.Frequency((4, versions), (1, Hostile), (1, Gen.Select(versions, Hostile, (version, more) => version + more)));
        int compared = 0;

        Gen.Select(text, Edits, Edits).Sample(
            (a, first, second) =>
            {
                string b = Edited(a, first) + tail;
                string c = Edited(b, second) + tail;
                a += tail;
                if (TrySign(scheme, a, b, out int ab) & TrySign(scheme, b, c, out int bc) & TrySign(scheme, a, c, out int ac))
                {
                    compared++;
                    AssertTransitive(ab, bc, ac);
                }
            },
            iter: Tries);

        Assert.InRange(compared, Tries / 20, Tries);
    }

    [Theory]
    [MemberData(nameof(Schemes))]
    public void ThrowNothingWhateverTheText(string name)
    {
        (VersionScheme scheme, Gen<string> versions, _) = VersionCases.All[name];
        Gen<string> anything = Gen.OneOf(Hostile, versions, Gen.Select(versions, Hostile, (version, more) => version + more));

        Gen.Select(anything, anything).Sample((a, b) => { TrySign(scheme, a, b, out _); }, iter: Tries);
    }

    // A scan compares tens of thousands of pairs.
    [Theory]
    [MemberData(nameof(Schemes))]
    public void CompareTenThousandUsualPairsWithoutAllocating(string name)
    {
        VersionScheme scheme = VersionCases.All[name].Scheme;
        string[] usual = VersionCases.All[name].Usual;
        Assert.Equal(0, CompareAll(scheme, usual, 1_000));

        // The runtime itself now and then allocates on a thread, when it compiles a method anew.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => AllocatedBy(scheme, usual)));
    }

    private static long AllocatedBy(VersionScheme scheme, string[] usual)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        int incomparable = CompareAll(scheme, usual, 10_000);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, incomparable);
        return allocated;
    }

    // By any step that looks at the rest of the text anew, a hundred thousand characters would take minutes.
    [Theory]
    [MemberData(nameof(Schemes))]
    public void TakeHugeTextInLinearTimeWithoutACopy(string name)
    {
        VersionScheme scheme = VersionCases.All[name].Scheme;
        var watch = Stopwatch.StartNew();

        foreach (string part in (string[])["1", "0", "1.", "0.", "a", "1-", "-", "~", ".", "1a", "_p1", ".0a", "^1", "-0", "rc", "_", "+", "x"])
        {
            string huge = "1" + string.Concat(Enumerable.Repeat(part, 100_000 / part.Length));
            AssertAgreesWithoutACopy(scheme, huge, huge + "1");
            AssertAgreesWithoutACopy(scheme, huge, "1");
        }

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    private static string Edited(string text, (int Place, int Length, string Text)[] edits)
    {
        foreach ((int place, int length, string insert) in edits)
        {
            int at = Math.Min(place, text.Length);
            text = text.Remove(at, Math.Min(length, text.Length - at)).Insert(at, insert);
        }

        return text;
    }

    private static int CompareAll(VersionScheme scheme, string[] versions, int pairs)
    {
        int incomparable = 0;
        for (int i = 0; i < pairs; i++)
        {
            bool comparable = scheme.TryCompare(versions[i % versions.Length], versions[i / versions.Length % versions.Length], out _);
            incomparable += comparable ? 0 : 1;
        }

        return incomparable;
    }

    private static void AssertTransitive(int ab, int bc, int ac)
    {
        if (ab <= 0 && bc <= 0)
        {
            Assert.Equal(Math.Min(ab, bc), ac);
        }

        if (ab >= 0 && bc >= 0)
        {
            Assert.Equal(Math.Max(ab, bc), ac);
        }
    }

    private static void AssertAgreesWithoutACopy(VersionScheme scheme, string left, string right)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool comparable = scheme.TryCompare(left, right, out int order);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, left.Length);
        Assert.Equal(comparable, scheme.TryCompare(right, left, out int reverse));
        Assert.Equal(Math.Sign(order), -Math.Sign(reverse));
    }

    // The answer is the same from both sides, and what is compared with anything equals itself.
    private static bool TrySign(VersionScheme scheme, string left, string right, out int sign)
    {
        bool comparable = scheme.TryCompare(left, right, out int order);
        sign = Math.Sign(order);
        bool isReversible = scheme.TryCompare(right, left, out int reverse);
        bool isVersion = scheme.TryCompare(left, left, out int same);
        if (comparable != isReversible || sign != -Math.Sign(reverse) || (isVersion && same != 0) || (!comparable && sign != 0))
        {
            Assert.Fail($"{left} and {right}: {comparable} {order}, from the other side {isReversible} {reverse}, to itself {isVersion} {same}.");
        }

        return comparable;
    }

    private static int Sign(VersionScheme scheme, string left, string right)
    {
        Assert.True(scheme.TryCompare(left, right, out int order), $"{left} and {right} have no order.");
        return Math.Sign(order);
    }
}
