using System.Globalization;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;
using Ipdr.Oci.UnixFs.Reading;

namespace Ipdr.Oci.Gateways.Pooling;

/// <summary>The words for what a pool has to say of its sources.</summary>
internal static class PoolFaults
{
    public static IpdrException NoSource(Cid cid, IEnumerable<Fault> reasons)
    {
        string[] told = [.. reasons.Select(reason => reason.ToString()).Distinct()];
        string why = told.Length == 0 ? "there is no source left to ask" : string.Join("; ", told);
        return new IpdrException(new Fault(
            FaultCode.SourcesFailed,
            $"a block could not be had: {why}",
            DagFaults.Place(cid),
            "Name another source (--from URL), or run it again: what was fetched is kept."));
    }

    public static Fault Overtaken(string source, TimeSpan after) => new(
        FaultCode.SourceStalled, $"it is slow or stalls: after {SourceFaults.Seconds(after)} others gave what it was asked for", source, "");

    public static Fault AsksTooMuch(string source, TimeSpan delay) =>
        new(FaultCode.SourceThrottles, delay == TimeSpan.MaxValue ? "it asks never to come back" : $"it asks to come back in {SourceFaults.Seconds(delay)}, which is too long", source, "");

    public static Fault ThrottlesForEver(string source, int times) =>
        new(FaultCode.SourceThrottles, string.Create(CultureInfo.InvariantCulture, $"it asked to come back later {times} times in a row"), source, "");
}
