namespace AfirGen.Api.Doctor.Machine;

/// <summary>The machine's clock is set by somebody: FIRs carry the time at which they were registered.</summary>
internal sealed class NetworkTime(Surroundings surroundings) : ICheck
{
    public string Name => "clock";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Finding>>([
            surroundings.Clock() switch
            {
                ClockState.Synchronised => Finding.Right("synchronised, says the kernel"),
                ClockState.NotSynchronised => Finding.Wrong(
                    "nothing sets it, says the kernel",
                    "timedatectl set-ntp true   # on the machine; without systemd: apt-get install chrony"
                ),
                _ => Finding.NotLookedAt("the kernel does not say whether something sets it"),
            },
        ]);
}
