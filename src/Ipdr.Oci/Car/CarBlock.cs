using System.Buffers;
using Ipdr.Oci.Multiformats;

namespace Ipdr.Oci.Car;

/// <summary>A block of a CAR that is being read.</summary>
/// <param name="Cid">Its name.</param>
/// <param name="Offset">The byte of the CAR at which its section begins.</param>
/// <param name="Data">Its bytes, which are there until the next one is read.</param>
public readonly record struct CarBlock(Cid Cid, long Offset, ReadOnlySequence<byte> Data);
