# Sourced by the scripts beside it: Debian packages, where this machine and user can have them.

# install_debian_packages NAME...: install packages; fail quietly where that is impossible.
install_debian_packages() {
  command -v apt-get >/dev/null || return 1
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || return 1
    as_root=(sudo -n)
  fi
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq
    -o Acquire::Retries=1 -o Acquire::http::Timeout=30 -o DPkg::Lock::Timeout=120)
  echo "Installing $* (apt) ..."
  # The lists may be too old for the packages to be found, or fresh enough: try both ways.
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
  "${apt[@]}" update >/dev/null 2>&1 || true
  "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null 2>&1
}
