using System.Globalization;
using Ipdr.Oci.Faults;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>The words for everything that can be wrong with a CAR.</summary>
internal static class CarFaults
{
    private const string Damaged = "The CAR is damaged: fetch or make it again.";
    private const string CutOff = "The CAR was cut off: fetch or make it again.";

    public static string Place(long offset) => string.Create(CultureInfo.InvariantCulture, $"byte {offset}");

    public static CarFormatException Bad(string what, long offset) => new(new Fault(FaultCode.BadCar, what, Place(offset), Damaged), offset);

    public static CarFormatException NotACar(string why) =>
        new(new Fault(FaultCode.BadCar, $"this is no CAR: {why}", Place(0), "ipdr cid PATH --car FILE makes one."), 0);

    public static CarFormatException Truncated(string part, long offset, long expected, long actual) =>
        new(new Fault(FaultCode.Truncated, $"the CAR ends inside {part}", Place(offset), CutOff) { Expected = Bytes(expected), Actual = Bytes(actual) }, offset);

    public static CarFormatException Limit(string what, long offset, string bound, long limit, string actual) => new(
        new Fault(FaultCode.Limit, what, Place(offset), $"If the CAR is to be trusted, raise {bound}.")
        {
            Expected = string.Create(CultureInfo.InvariantCulture, $"at most {limit}"),
            Actual = actual,
        },
        offset);

    public static CarFormatException Mismatch(Cid cid, long offset, Multihash actual) => new(
        new Fault(FaultCode.DigestMismatch, "the block does not have the hash that names it", Place(offset) + Fault.PlaceSeparator + $"block {cid}", Damaged)
        {
            Expected = cid.Hash.ToString(),
            Actual = actual.ToString(),
        },
        offset);

    public static CarFormatException Unverifiable(Cid cid, long offset) => new(
        new Fault(
            FaultCode.UnsupportedAlgorithm,
            string.Create(CultureInfo.InvariantCulture, $"a block cannot be checked against {cid.Hash.Digest.Length} bytes of {cid.Hash.Code.Name}"),
            Place(offset) + Fault.PlaceSeparator + $"block {cid}",
            "Import the content again with sha2-256."),
        offset);

    public static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "byte" : "bytes")}");
}
