using System.Globalization;
using System.Net;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Gateways;

/// <summary>The words for everything that can go wrong with a place on the network.</summary>
internal static class SourceFaults
{
    private const string Elsewhere = "Use another place; this one is not what it says, or something in between changes its answers.";
    private const string TryLater = "Try again later, or use another place.";

    public static SourceException Unreachable(string place, string why, Exception? inner = null) =>
        Of(SourceFailure.Unreachable, FaultCode.SourceUnreachable, $"it cannot be reached: {Printable(why)}", place, "Check its address, and that it is running.", inner);

    public static SourceException Refused(string place, HttpStatusCode status, string? said) => Of(
        SourceFailure.Unreachable,
        FaultCode.SourceUnreachable,
        string.Create(CultureInfo.InvariantCulture, $"it answers {(int)status} {status}{(string.IsNullOrWhiteSpace(said) ? "" : ": " + Printable(said))}"),
        place,
        TryLater);

    public static SourceException Misbehaves(string place, string what, string? expected = null, string? actual = null) => new(
        SourceFailure.Misbehaves,
        new Fault(FaultCode.SourceMisbehaves, what, place, Elsewhere) { Expected = expected, Actual = actual is null ? null : Printable(actual) });

    public static SourceException WrongBytes(string place, Cid cid, Multihash actual) => new(
        SourceFailure.Misbehaves,
        new Fault(FaultCode.DigestMismatch, "a block does not have the hash that names it", Within(place, cid), Elsewhere)
        {
            Expected = cid.Hash.ToString(),
            Actual = actual.ToString(),
        });

    public static SourceException TooLarge(string place, Cid cid, long limit) => new(
        SourceFailure.Misbehaves,
        new Fault(FaultCode.Limit, "a block is too large", Within(place, cid), Elsewhere)
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit} bytes"),
        });

    public static SourceException Stalled(string place, TimeSpan patience, Exception? inner = null) => Of(
        SourceFailure.Stalled, FaultCode.SourceStalled, $"nothing, or next to nothing, came for {Seconds(patience)}", place, TryLater, inner);

    public static SourceException NotInTime(string place, Cid cid) => Of(
        SourceFailure.NotInTime, FaultCode.SourceStalled, "it could not find the block in time", Within(place, cid), TryLater);

    public static SourceException CutOff(string place, string how, Exception? inner = null) =>
        Of(SourceFailure.Stalled, FaultCode.SourceStalled, $"its answer ends too early: {Printable(how)}", place, TryLater, inner);

    public static SourceException HungUp(string place, string how, Exception? inner = null) =>
        Of(SourceFailure.Stalled, FaultCode.SourceStalled, $"it hung up while it was asked: {Printable(how)}", place, "Its own log may say why; then try again.", inner);

    public static SourceException Throttles(string place, HttpStatusCode status, TimeSpan? retryAfter)
    {
        string wait = retryAfter is { } time && time < TimeSpan.MaxValue ? $"to come back in {Seconds(time)}" : "to come back later";
        Fault fault = new(FaultCode.SourceThrottles, string.Create(CultureInfo.InvariantCulture, $"it asks {wait} ({(int)status})"), place, TryLater);
        return new SourceException(SourceFailure.Throttles, fault) { RetryAfter = retryAfter };
    }

    public static SourceException OtherCid(string place, Cid expected, string? actual) => new(
        SourceFailure.Misbehaves,
        new Fault(FaultCode.CidMismatch, "it gives what it was sent another name", place, Elsewhere)
        {
            Expected = expected.ToString(),
            Actual = actual is null ? "none" : Printable(actual),
        });

    public static SourceException Incomplete(string place, Cid root, string why) => new(
        SourceFailure.Unreachable, new Fault(FaultCode.DestinationRefuses, $"it could not keep {root}: {Printable(why)}", place, "Run it again; what it has already is not sent again."));

    public static SourceException NotKept(string place, Cid root, string why) => new(
        SourceFailure.Unreachable, new Fault(FaultCode.DestinationRefuses, $"it does not keep {root}: {Printable(why)}", place, "Ask its operator, or use another place."));

    public static IpdrException BadAddress(string address, string what, string remedy) =>
        new(new Fault(FaultCode.BadAddress, what, Printable(address), remedy));

    public static string Within(string place, Cid cid) => $"{place}{Fault.PlaceSeparator}block {cid}";

    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>What a stranger said, fit for a message: one line, not long.</summary>
    public static string Printable(string text)
    {
        const int MaxShown = 300;
        string shown = text.Length > MaxShown ? text[..MaxShown] + "…" : text;
        return string.Concat(shown.Select(letter => char.IsControl(letter) || char.GetUnicodeCategory(letter) == UnicodeCategory.Format ? ' ' : letter)).Trim();
    }

    private static SourceException Of(SourceFailure failure, FaultCode code, string what, string place, string remedy, Exception? inner = null) =>
        new(failure, new Fault(code, what, place, remedy), inner);
}
