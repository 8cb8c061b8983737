# shellcheck shell=bash disable=SC2034
# Sourced by run.sh and test.sh. Decides whether this machine can restore Aspire, and exports UseAspire.
# Honours an UseAspire that is already set. Leaves the reason in $aspire_reason.
if [ -n "${UseAspire:-}" ]; then
  aspire_reason="UseAspire=$UseAspire is set"
elif dotnet restore AfirGen.AppHost -p:UseAspire=true --verbosity quiet >/dev/null 2>&1; then
  UseAspire=true
  aspire_reason="the Aspire packages restore"
else
  UseAspire=false
  aspire_reason="the Aspire packages cannot be restored here"
fi
export UseAspire
