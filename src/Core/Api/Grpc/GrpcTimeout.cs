using System.Globalization;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// How long a caller waits: <c>grpc-timeout</c>, at most eight digits and a unit
/// (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-HTTP2.md#requests).
/// </summary>
internal static class GrpcTimeout
{
    public const string Header = "grpc-timeout";

    private const int MaxDigits = 8;

    /// <summary>The time that is left to the caller; null if it does not say. Throws <see cref="ApiException"/> with code 3.</summary>
    public static TimeSpan? Of(HttpRequest request)
    {
        string text = request.Headers[Header].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        ReadOnlySpan<char> digits = text.AsSpan(0, text.Length - 1);
        bool isNumber = digits.Length is > 0 and <= MaxDigits && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _);
        long? ticks = text[^1] switch
        {
            'H' => TimeSpan.TicksPerHour,
            'M' => TimeSpan.TicksPerMinute,
            'S' => TimeSpan.TicksPerSecond,
            'm' => TimeSpan.TicksPerMillisecond,
            'u' => TimeSpan.TicksPerMicrosecond,
            // A tick is a hundred of them.
            'n' => 0,
            _ => null,
        };
        return isNumber && ticks is { } unit
            ? TimeSpan.FromTicks(unit == 0 ? Number(digits) / TimeSpan.NanosecondsPerTick : Number(digits) * unit)
            : throw new ApiException(
                GrpcCode.InvalidArgument, $"{Header} {HostileText.Quote(text)} is no time: it is up to {MaxDigits} digits and one of HMSmun");
    }

    private static long Number(ReadOnlySpan<char> digits) => long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
}
