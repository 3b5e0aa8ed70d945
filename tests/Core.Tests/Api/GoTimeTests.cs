using CsCheck;
using ImageScan.Core.Api;

namespace ImageScan.Core.Tests.Api;

public sealed class GoTimeTests
{
    [Theory]
    [InlineData("86400s", 864_000_000_000L)]
    [InlineData("24h", 864_000_000_000L)]
    [InlineData("1h30m", 54_000_000_000L)]
    [InlineData("-1.5s", -15_000_000L)]
    [InlineData("+.5s", 5_000_000L)]
    [InlineData("1.s", 10_000_000L)]
    [InlineData("0", 0L)]
    [InlineData("0s", 0L)]
    [InlineData("1500ms", 15_000_000L)]
    [InlineData("3us", 30L)]
    [InlineData("3µs", 30L)]
    [InlineData("350ns", 3L)]
    [InlineData("2540400h10m10s", 91_454_406_100_000_000L)]
    public void ReadsDurationsAsGoDoes(string text, long ticks) => Assert.Equal(TimeSpan.FromTicks(ticks), GoTime.DurationOf(text));

    // https://github.com/golang/go/blob/go1.22.0/src/time/format.go, ParseDuration.
    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("-", "time: invalid duration \"-\"")]
    [InlineData("s", "time: invalid duration \"s\"")]
    [InlineData(".s", "time: invalid duration \".s\"")]
    [InlineData("86400", "time: missing unit in duration \"86400\"")]
    [InlineData("1d", "time: unknown unit \"d\" in duration \"1d\"")]
    [InlineData("1 h", "time: unknown unit \" h\" in duration \"1 h\"")]
    [InlineData("3000000h", "time: invalid duration \"3000000h\"")]
    [InlineData("2562047h60m", "time: invalid duration \"2562047h60m\"")]
    [InlineData("99999999999999999999999999999999999999s", "time: invalid duration \"99999999999999999999999999999999999999s\"")]
    [InlineData("1\u202es", "time: unknown unit \"\\u202es\" in duration \"1\\u202es\"")]
    public void RefusesWhatIsNoneInGosWords(string text, string reason)
    {
        ApiException error = Assert.Throws<ApiException>(() => GoTime.DurationOf(text));

        Assert.Equal((GrpcCode.InvalidArgument, $"bad Duration: {reason}"), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("2026-11-26T10:00:00Z", "2026-11-26T10:00:00.0000000")]
    [InlineData("2026-11-26T10:00:00.123456789Z", "2026-11-26T10:00:00.1234567")]
    [InlineData("2026-11-26T10:00:00.5+01:30", "2026-11-26T08:30:00.5000000")]
    [InlineData("2026-11-26T10:00:00-23:59", "2026-11-27T09:59:00.0000000")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000")]
    public void ReadsMoments(string text, string utc) =>
        Assert.Equal(utc, GoTime.MomentOf(text).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("2026-11-26")]
    [InlineData("2026-11-26 10:00:00Z")]
    [InlineData("2026-11-26T10:00:00")]
    [InlineData("2026-02-30T10:00:00Z")]
    [InlineData("2026-11-26T24:00:00Z")]
    [InlineData("2026-11-26T10:00:00z")]
    [InlineData("2026-11-26T10:00:00+24:00")]
    [InlineData("0001-01-01T00:00:00+01:00")]
    [InlineData("9999-12-31T23:59:59-01:00")]
    public void RefusesWhatIsNoMoment(string text)
    {
        ApiException error = Assert.Throws<ApiException>(() => GoTime.MomentOf(text));

        Assert.Equal(GrpcCode.InvalidArgument, error.Code);
        Assert.StartsWith("bad Timestamp: parsing time ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NeverFailsOtherwiseNorTakesLong()
    {
        Gen<string> text = Gen.Char["0123456789.+-hmsun:TZ d\u202e"].Array[0, 120].Select(characters => new string(characters));
        text.Sample(given =>
        {
            Assert.True(Record.Exception(() => GoTime.DurationOf(given)) is null or ApiException);
            Assert.True(Record.Exception(() => GoTime.MomentOf(given)) is null or ApiException);
        });
        Assert.Throws<ApiException>(() => GoTime.DurationOf(new string('1', 95) + "..x"));
    }
}
